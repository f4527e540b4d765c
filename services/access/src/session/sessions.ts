/**
 * Server-side sessions. The browser holds a random 256-bit token, the record its SHA-256 only. A session ends after eight idle
 * hours, after 24 hours in any case, at logout, when its browser logs in again, and when its user's password or rights are changed.
 */
import { randomBytes } from 'node:crypto'
import { DistrictCode, HubError, limitText, Role, rolePermissions, type Scope } from '@hub/contracts'
import { cityMinute, hourMs, minuteMs, unitsOf } from '@hub/core'
import { type Clock, type Login, type RecordStore, type Sessions, sha256, type Viewer } from '@hub/platform'
import type { Selectable } from 'kysely'
import { audit } from '../audit/append.ts'
import type { AccessData, AccessTables } from '../tables.ts'
import type { Deferred } from './deferred.ts'
import { devicesOf } from './devices-of.ts'
import type { Lockout } from './lockout.ts'
import { type Passwords, requireNewPassword } from './passwords.ts'
import { dropSessions } from './session-rows.ts'

const idleMs = 8 * hourMs
const absoluteMs = 24 * hourMs
/** `seen_at` is written this often at most: a session costs no write for each request. */
const seenMs = minuteMs

type Options = {
  clock: Clock
  record: RecordStore<AccessData>
  passwords: Passwords
  lockout: Lockout
  /** Nobody is kept out by a full disk, and nobody kept from reading. */
  deferred: Deferred
}

const scopeOf = (json: string): Scope => {
  const value: unknown = JSON.parse(json)
  return value === 'city' ? value : DistrictCode.array().parse(value)
}

export function createSessions({ clock, record, passwords, lockout, deferred }: Options): Sessions {
  const { db } = record
  /** Sessions that the disk has not taken yet, by id. */
  const unsaved = new Map<string, AccessTables['session']>()
  const listeners: ((session: string) => void)[] = []
  const line = (
    actor: string,
    action: `session.${'open' | 'refused' | 'locked' | 'disabled' | 'close' | 'password'}`,
    address: string,
  ) => ({ at: clock.now(), actor, action, subject: actor, detail: address ? { address } : {} })
  const act = (...of: Parameters<typeof line>) => {
    const written = line(...of)
    return deferred.run(() => audit.append(db, written))
  }

  const find = async (session: string) => {
    const now = clock.now()
    const kept = unsaved.get(session)
    if (kept) {
      const isOver = kept.expires_at <= now || kept.seen_at <= now - idleMs
      const user = db
        .selectFrom('user')
        .select(['role', 'districts', 'unit', 'must_change'])
        .where('name', '=', kept.user)
        .where('disabled', '=', 0)
      const row = isOver ? undefined : await user.executeTakeFirst()
      return row && { ...kept, ...row }
    }
    return await db
      .selectFrom('session')
      .innerJoin('user', 'user.name', 'session.user')
      .select(['session.id', 'session.user', 'user.role', 'user.districts', 'user.unit', 'user.must_change'])
      .select(['session.expires_at', 'session.seen_at'])
      .where('session.id', '=', session)
      .where('user.disabled', '=', 0)
      .where('session.expires_at', '>', now)
      .where('session.seen_at', '>', now - idleMs)
      .executeTakeFirst()
  }
  const seen = async (session: string, now: number) => {
    const kept = unsaved.get(session)
    if (kept) kept.seen_at = now
    else await deferred.run(() => db.updateTable('session').set({ seen_at: now }).where('id', '=', session).execute())
  }
  const tell = (sessions: readonly string[]) => {
    for (const session of sessions) for (const listener of listeners) listener(session)
  }
  const drop = async (session: string) => {
    unsaved.delete(session)
    await deferred.run(() => db.deleteFrom('session').where('id', '=', session).execute())
    tell([session])
  }

  /** Counts the try as failed before the password is judged, so that parallel tries cannot outrun the lock. */
  async function judge({ user, password, address }: Omit<Login, 'oldToken'>) {
    const row = await db.selectFrom('user').selectAll().where('name', '=', user).executeTakeFirst()
    const account = `account ${user}`
    const place = `address ${address}`
    for (const key of [account, place]) if (row?.unlocked_at) lockout.pardon(key, user, row.unlocked_at)
    const until = Math.max(lockout.lockedUntil(account) ?? 0, lockout.lockedUntil(place) ?? 0, row?.locked_until ?? 0)
    if (until > clock.now()) throw new HubError('session.locked', { limit: `${cityMinute(until)} (UTC+8)` })
    const tries = lockout.fail(account, user)
    lockout.fail(place, user)
    if (await passwords.verify(row?.password_hash, password)) {
      lockout.forgive(account)
      lockout.undo(place)
      if (row && row.failures > 0)
        await deferred.run(() =>
          db.updateTable('user').set({ failures: 0, locked_until: null }).where('name', '=', user).execute(),
        )
      if (row?.disabled) {
        await act(user, 'session.disabled', address)
        throw new HubError('session.disabled', { value: user })
      }
      return row!
    }
    // Kept in the record too: a restart does not give five more tries.
    const failed = { failures: tries.failed.length, locked_until: tries.lockedUntil }
    await deferred.run(() => db.updateTable('user').set(failed).where('name', '=', user).execute())
    await act(user, tries.lockedUntil ? 'session.locked' : 'session.refused', address)
    throw new HubError('session.refused')
  }

  const viewer = async (
    session: string,
    row: {
      user: string
      role: string
      districts: string
      unit: string | null
      must_change: number
      expires_at: number
    },
  ): Promise<Viewer> => {
    const role = Role.parse(row.role)
    const permissions = rolePermissions[role]
    const units = unitsOf({ permissions, unit: row.unit })
    return {
      user: row.user,
      role,
      permissions,
      scope: scopeOf(row.districts),
      unit: row.unit,
      units,
      devices: await devicesOf(db, units),
      session,
      expiresAt: row.expires_at,
      mustChange: row.must_change === 1,
    }
  }
  const open = async (user: Selectable<AccessTables['user']>) => {
    const now = clock.now()
    const token = randomBytes(32).toString('base64url')
    const row = { id: sha256(token), user: user.name, created_at: now, seen_at: now, expires_at: now + absoluteMs }
    unsaved.set(row.id, row)
    await deferred.run(async () => {
      await db.insertInto('session').values(row).execute()
      unsaved.delete(row.id)
    })
    return { token, viewer: await viewer(row.id, { ...user, ...row }) }
  }

  return {
    async login(login) {
      const user = await judge(login)
      const now = clock.now()
      if (login.oldToken) await drop(sha256(login.oldToken))
      await deferred.run(() =>
        db
          .deleteFrom('session')
          .where((where) => where.or([where('expires_at', '<=', now), where('seen_at', '<=', now - idleMs)]))
          .execute(),
      )
      const opened = await open(user)
      await act(user.name, 'session.open', login.address)
      return opened
    },
    async changePassword({ user, address, oldPassword, password }) {
      // Wrong is not "log in first": the session holds.
      const row = await judge({ user, address, password: oldPassword }).catch((error: unknown) => {
        if (!(error instanceof HubError) || error.code !== 'session.refused') throw error
        throw new HubError('request.invalid', { field: 'oldPassword', value: '…', limit: limitText('password-wrong') })
      })
      requireNewPassword(user, password, oldPassword)
      const set = { password_hash: await passwords.hash(password), must_change: 0 }
      const ended = await record.transaction(async (trx) => {
        await trx.updateTable('user').set(set).where('name', '=', user).execute()
        await audit.append(trx, line(user, 'session.password', address))
        return await dropSessions(trx, user)
      })
      tell(ended)
      return await open({ ...row, ...set })
    },
    async viewerOf(token) {
      if (!token) return undefined
      const row = await find(sha256(token))
      if (!row) return undefined
      const now = clock.now()
      if (now - row.seen_at > seenMs) await seen(row.id, now)
      return viewer(row.id, row)
    },
    ended: tell,
    onEnd: (listener) => void listeners.push(listener),
    alive: async (session) => (await find(session)) !== undefined,
    async end({ user, session }) {
      await drop(session)
      await act(user, 'session.close', '')
    },
  }
}
