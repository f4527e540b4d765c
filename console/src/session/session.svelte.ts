/** Who is logged in, and what they may do. */
import type { Permission, Session } from '@hub/contracts'
import { ApiError, call } from '../api/client.ts'

type Standing = 'asking' | 'out' | 'in' | 'offline'

let standing = $state<Standing>('asking')
let session = $state.raw<Session | null>(null)
let ended = $state(false)

export const sessionStanding = (): Standing => standing
export const currentSession = (): Session | null => session
/** Whether somebody was logged in until the session ran out. */
export const sessionEnded = (): boolean => ended
export const may = (permission: Permission): boolean => session?.permissions.includes(permission) ?? false

function enter(next: Session): void {
  session = next
  standing = 'in'
  ended = false
}

/** Asks the hub whose cookie this is. */
export async function askSession(): Promise<void> {
  try {
    enter(await call<Session>('/session'))
  } catch (error) {
    standing = error instanceof ApiError && error.status === 0 ? 'offline' : 'out'
  }
}

/** Throws `ApiError`: 401 wrong, 429 locked, 0 offline. */
export async function logIn(user: string, password: string): Promise<void> {
  enter(await call<Session>('/session', { method: 'POST', json: { user, password } }))
}

/** Throws `ApiError`: 400 the old one is wrong, or the new one no good; 429 locked. */
export async function changePassword(oldPassword: string, password: string): Promise<void> {
  enter(await call<Session>('/session/password', { method: 'POST', json: { oldPassword, password } }))
}

export async function logOut(): Promise<void> {
  await call('/session', { method: 'DELETE' }).catch(() => undefined)
  session = null
  standing = 'out'
}

/** The hub answered 401: the cookie is no longer good. */
export function endSession(): void {
  if (standing !== 'in') return
  session = null
  standing = 'out'
  ended = true
}
