/** Users, by the security administrator. */
import type { Handlers } from '../http/call.ts'
import type { Context } from './context.ts'

type Users = Pick<Handlers, 'users' | 'createUser' | 'changeUser'>

export const userHandlers = ({ users, record, stream }: Context): Users => ({
  users: () => users.list(),

  async createUser({ body, viewer }) {
    await users.create(body, viewer.user)
    return undefined
  },

  async changeUser({ params: { user }, body, viewer }) {
    const row = await users.change(user, body, viewer.user)
    // What a stream tells follows the unit: it comes back by itself as the new one.
    const sessions = await record.db.selectFrom('session').select('id').where('user', '=', user).execute()
    for (const { id } of sessions) stream.endSession(id)
    return row
  },
})
