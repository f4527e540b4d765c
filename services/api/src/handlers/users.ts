import type { Handlers } from '../http/call.ts'
import type { Context } from './context.ts'

export const userHandlers = ({ users }: Context): Pick<Handlers, 'createUser'> => ({
  async createUser({ body, viewer }) {
    await users.create(body, viewer.user)
    return undefined
  },
})
