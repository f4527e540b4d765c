/** Routes: who comes in, who may what, and what was done. */
import { z } from 'zod'
import { byCode } from '../common/params.ts'
import type { Route } from '../route.ts'
import { AuditPage, AuditQuery, DeviceAuditPage, DeviceAuditQuery } from './audit.ts'
import { Login, PasswordChange, Session } from './session.ts'
import { NewUser, PasswordReset, UserChange, UserList, UserRow } from './users.ts'

const user = z.strictObject({ user: z.string().max(64) })

export const accessRoutes = {
  login: {
    method: 'post',
    path: '/session',
    summary: 'Log in: sets the session cookie',
    needs: 'public',
    body: Login,
    response: Session,
  },
  whoami: {
    method: 'get',
    path: '/session',
    summary: 'The session of the cookie',
    needs: 'session',
    response: Session,
  },
  logout: {
    method: 'delete',
    path: '/session',
    summary: 'Log out: ends the session and its streams',
    needs: 'session',
  },
  changePassword: {
    method: 'post',
    path: '/session/password',
    summary: 'Change the own password: every session of the user ends, and a new one begins',
    needs: 'session',
    body: PasswordChange,
    response: Session,
  },
  users: {
    method: 'get',
    path: '/users',
    summary: 'Users, and the units that work orders go to',
    needs: 'users',
    response: UserList,
  },
  createUser: { method: 'post', path: '/users', summary: 'Create a user', needs: 'users', body: NewUser },
  changeUser: {
    method: 'patch',
    path: '/users/{user}',
    summary: 'Change role, districts or unit of a user, disable or enable: the sessions of the user end',
    needs: 'users',
    params: user,
    body: UserChange,
    response: UserRow,
  },
  resetPassword: {
    method: 'post',
    path: '/users/{user}/password',
    summary:
      'Give a user a password for one login, after which it must be changed; unlocks, and ends the sessions of the user',
    needs: 'users',
    params: user,
    body: PasswordReset,
    response: UserRow,
  },
  unlockUser: {
    method: 'post',
    path: '/users/{user}/unlock',
    summary: 'Let a user try again who is locked after wrong passwords',
    needs: 'users',
    params: user,
    response: UserRow,
  },
  deviceAudit: {
    method: 'get',
    path: '/devices/{id}/audit',
    summary: 'Audit lines about one device, newest first: for auditors, and for a unit about its own devices',
    needs: 'view',
    params: byCode,
    query: DeviceAuditQuery,
    response: DeviceAuditPage,
  },
  audit: {
    method: 'get',
    path: '/audit',
    summary: 'Who did what to which subject, newest first, and whether the log is whole',
    needs: 'audit',
    query: AuditQuery,
    response: AuditPage,
  },
} as const satisfies Record<string, Route>
