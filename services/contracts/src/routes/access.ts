/** Routes: who comes in, who may what, and what was done. */
import { z } from 'zod'
import * as api from '../api.ts'
import type { Route } from './route.ts'

export const accessRoutes = {
  login: {
    method: 'post',
    path: '/session',
    summary: 'Log in: sets the session cookie',
    needs: 'public',
    body: api.Login,
    response: api.Session,
  },
  whoami: {
    method: 'get',
    path: '/session',
    summary: 'The session of the cookie',
    needs: 'session',
    response: api.Session,
  },
  logout: {
    method: 'delete',
    path: '/session',
    summary: 'Log out: ends the session and its streams',
    needs: 'session',
  },
  users: {
    method: 'get',
    path: '/users',
    summary: 'Users, and the units that work orders go to',
    needs: 'users',
    response: api.UserList,
  },
  createUser: { method: 'post', path: '/users', summary: 'Create a user', needs: 'users', body: api.NewUser },
  changeUser: {
    method: 'patch',
    path: '/users/{user}',
    summary: 'Put a user in a unit, or in none',
    needs: 'users',
    params: z.strictObject({ user: z.string().max(64) }),
    body: api.UserChange,
    response: api.UserRow,
  },
  audit: {
    method: 'get',
    path: '/audit',
    summary: 'Who did what to which subject, newest first, and whether the log is whole',
    needs: 'audit',
    query: api.AuditQuery,
    response: api.AuditPage,
  },
} as const satisfies Record<string, Route>
