/** How often the platforms were normal. */
import { listPlatforms } from '@hub/platform'
import type { Handlers } from '../http/call.ts'
import type { Context } from './context.ts'
import { periodOf } from './period.ts'

export const platformHandlers = ({ clock, record }: Context): Pick<Handlers, 'platforms'> => ({
  async platforms({ viewer, query }) {
    const asOf = clock.now()
    const { from, to } = periodOf(query, asOf)
    return { asOf, from, to, platforms: await listPlatforms(record.db, viewer.scope, { from, to }) }
  },
})
