/** Log in, who am I, log out; the own password. */

import type { Session } from '@hub/contracts'
import { type Deps, type Handlers, SessionChange, type Viewer } from '@hub/platform'
import type { FirstLogins } from '../first-logins.ts'

const shown = ({ user, role, permissions, scope, unit, mustChange, expiresAt }: Viewer): Session => ({
  user,
  role,
  permissions: [...permissions],
  districts: scope === 'city' ? scope : [...scope],
  unit,
  mustChangePassword: mustChange,
  expiresAt,
})

type Answers = Pick<Handlers, 'login' | 'whoami' | 'logout' | 'changePassword'>
type Parts = Pick<Deps, 'sessions' | 'clock'> & { first: FirstLogins }
type Opened = Awaited<ReturnType<Deps['sessions']['login']>>

export const sessionHandlers = ({ sessions, clock, first }: Parts): Answers => {
  const answer = ({ token, viewer }: Opened) =>
    new SessionChange(shown(viewer), token, Math.floor((viewer.expiresAt - clock.now()) / 1_000))
  return {
    login: async ({ body, client }) =>
      answer(await sessions.login({ ...body, address: client.address, oldToken: client.token })),
    whoami: ({ viewer }) => shown(viewer),
    async logout({ viewer }) {
      await sessions.end(viewer)
      return new SessionChange(undefined)
    },
    async changePassword({ body, viewer: { user }, client }) {
      const opened = await sessions.changePassword({ ...body, user, address: client.address })
      first.used(user)
      return answer(opened)
    },
  }
}
