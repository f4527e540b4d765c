import type { Handlers } from '../http/call.ts'
import type { Context } from './context.ts'

export const streamHandlers = ({ stream }: Context): Pick<Handlers, 'stream'> => ({
  stream({ viewer, req, res }) {
    const seen = req.headers['last-event-id']
    stream.open(res, viewer, typeof seen === 'string' ? seen : undefined)
    return undefined
  },
})
