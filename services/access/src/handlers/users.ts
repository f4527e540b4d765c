/** Users, by the security administrator. */

import type { Deps, Handlers } from '@hub/platform'
import type { FirstLogins } from '../first-logins.ts'
import type { Users } from '../session/users.ts'

type Answers = Pick<Handlers, 'users' | 'createUser' | 'changeUser' | 'resetPassword' | 'unlockUser'>
type Parts = Pick<Deps, 'sessions'> & { users: Users; first: FirstLogins }

export const userHandlers = ({ users, sessions, first }: Parts): Answers => ({
  users: () => users.list(),

  async createUser({ body, viewer }) {
    await users.create(body, viewer.user)
    return undefined
  },

  async changeUser({ params: { user }, body, viewer }) {
    const { row, ended } = await users.change(user, body, viewer.user)
    sessions.ended(ended)
    return row
  },

  async resetPassword({ params: { user }, body, viewer }) {
    const { row, ended } = await users.resetPassword(user, body.password, viewer.user)
    sessions.ended(ended)
    first.used(user)
    return row
  },

  unlockUser: ({ params: { user }, viewer }) => users.unlock(user, viewer.user),
})
