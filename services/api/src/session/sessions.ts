/**
 * Server-side sessions. The browser holds a random 256-bit token, the record its SHA-256 only. A session ends after eight idle
 * hours, after 24 hours in any case, at logout, and when its browser logs in again.
 */
import { randomBytes } from 'node:crypto'
import { DistrictCode, HubError, Role, rolePermissions, type Scope } from '@hub/contracts'
import { unitsOf } from '@hub/core'
import { type Clock, type RecordStore, sha256 } from '@hub/platform'
import { audit } from '../audit.ts'
import { clockTime } from '../city-time.ts'
import type { Viewer } from '../http/call.ts'
import type { Lockout } from './lockout.ts'
import type { Passwords } from './passwords.ts'

const idleMs = 8 * 3_600_000
const absoluteMs = 24 * 3_600_000
/** `seen_at` is written this often at most: a session costs no write for each request. */
const seenMs = 60_000

type Login = { user: string; password: string; address: string; oldToken: string | undefined }

export interface Sessions {
  /** @throws HubError `session.refused`, `session.locked` */
  login(login: Login): Promise<{ token: string; viewer: Viewer }>
  viewerOf(token: string | undefined): Promise<Viewer | undefined>
  /** Whether a session holds still. Asking does not count as being there. */
  alive(session: string): Promise<boolean>
  end(viewer: Viewer): Promise<void>
}

type Options = {
  clock: Clock
  record: RecordStore
  passwords: Passwords
  lockout: Lockout
  onEnd(session: string): void
}

const scopeOf = (json: string): Scope => {
  const value: unknown = JSON.parse(json)
  return value === 'city' ? value : DistrictCode.array().parse(value)
}

export function createSessions({ clock, record, passwords, lockout, onEnd }: Options): Sessions {
  const { db } = record
  const act = (
    actor: string,
    action: 'session.open' | 'session.refused' | 'session.locked' | 'session.close',
    address: string,
  ) => audit(db, clock.now(), { actor, action, subject: actor, detail: address ? { address } : {} })

  const find = async (session: string) => {
    const now = clock.now()
    return await db
      .selectFrom('session')
      .innerJoin('user', 'user.name', 'session.user')
      .select(['session.id', 'session.user', 'user.role', 'user.districts', 'user.unit'])
      .select(['session.expires_at', 'session.seen_at'])
      .where('session.id', '=', session)
      .where('session.expires_at', '>', now)
      .where('session.seen_at', '>', now - idleMs)
      .executeTakeFirst()
  }
  const drop = async (session: string) => {
    await db.deleteFrom('session').where('id', '=', session).execute()
    onEnd(session)
  }

  /** Counts the try as failed before the password is judged, so that parallel tries cannot outrun the lock. */
  async function judge({ user, password, address }: Login) {
    const row = await db.selectFrom('user').selectAll().where('name', '=', user).executeTakeFirst()
    const account = `account ${user}`
    const place = `address ${address}`
    const until = Math.max(lockout.lockedUntil(account) ?? 0, lockout.lockedUntil(place) ?? 0, row?.locked_until ?? 0)
    if (until > clock.now()) throw new HubError('session.locked', { limit: clockTime(until) })
    const tries = lockout.fail(account)
    lockout.fail(place)
    if (await passwords.verify(row?.password_hash, password)) {
      lockout.forgive(account)
      lockout.undo(place)
      if (row && row.failures > 0)
        await db.updateTable('user').set({ failures: 0, locked_until: null }).where('name', '=', user).execute()
      return row!
    }
    // Kept in the record too: a restart does not give five more tries.
    await db
      .updateTable('user')
      .set({ failures: tries.failedAt.length, locked_until: tries.lockedUntil })
      .where('name', '=', user)
      .execute()
    await act(user, tries.lockedUntil ? 'session.locked' : 'session.refused', address)
    throw new HubError('session.refused')
  }

  const viewer = (
    session: string,
    row: { user: string; role: string; districts: string; unit: string | null; expires_at: number },
  ): Viewer => {
    const role = Role.parse(row.role)
    const permissions = rolePermissions[role]
    return {
      user: row.user,
      role,
      permissions,
      scope: scopeOf(row.districts),
      unit: row.unit,
      units: unitsOf({ permissions, unit: row.unit }),
      session,
      expiresAt: row.expires_at,
    }
  }

  return {
    async login(login) {
      const user = await judge(login)
      const now = clock.now()
      const token = randomBytes(32).toString('base64url')
      const row = { id: sha256(token), user: user.name, created_at: now, seen_at: now, expires_at: now + absoluteMs }
      if (login.oldToken) await drop(sha256(login.oldToken))
      await db
        .deleteFrom('session')
        .where((where) => where.or([where('expires_at', '<=', now), where('seen_at', '<=', now - idleMs)]))
        .execute()
      await db.insertInto('session').values(row).execute()
      await act(user.name, 'session.open', login.address)
      return { token, viewer: viewer(row.id, { ...user, ...row }) }
    },
    async viewerOf(token) {
      if (!token) return undefined
      const row = await find(sha256(token))
      if (!row) return undefined
      const now = clock.now()
      if (now - row.seen_at > seenMs)
        await db.updateTable('session').set({ seen_at: now }).where('id', '=', row.id).execute()
      return viewer(row.id, row)
    },
    alive: async (session) => (await find(session)) !== undefined,
    async end({ user, session }) {
      await drop(session)
      await act(user, 'session.close', '')
    },
  }
}
