/** Log in, who am I, log out. */
import type { Session } from '@hub/contracts'
import type { Handlers, Viewer } from '../http/call.ts'
import { readToken, writeToken } from '../session/cookie.ts'
import type { Context } from './context.ts'

const shown = ({ user, role, permissions, scope, unit, expiresAt }: Viewer): Session => ({
  user,
  role,
  permissions: [...permissions],
  districts: scope === 'city' ? scope : [...scope],
  unit,
  expiresAt,
})

export const sessionHandlers = ({ sessions, clock }: Context): Pick<Handlers, 'login' | 'whoami' | 'logout'> => ({
  async login({ body, req, res }) {
    const { token, viewer } = await sessions.login({ ...body, address: req.ip ?? '', oldToken: readToken(req) })
    writeToken(req, res, token, Math.floor((viewer.expiresAt - clock.now()) / 1_000))
    return shown(viewer)
  },
  whoami: ({ viewer }) => shown(viewer),
  async logout({ viewer, req, res }) {
    await sessions.end(viewer)
    writeToken(req, res, undefined)
    return undefined
  },
})
