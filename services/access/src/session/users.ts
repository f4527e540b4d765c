/** Users: made and changed by the security administrator, never by themselves; the first two by the hub itself. */
import { HubError, limitText, type NewUser, type UserChange, type UserList, UserRow } from '@hub/contracts'
import { type Clock, type RecordStore, randomToken } from '@hub/platform'
import type { Selectable, Transaction } from 'kysely'
import { audit } from '../audit/append.ts'
import type { AccessData, AccessTables } from '../tables.ts'
import { type Passwords, requireNewPassword } from './passwords.ts'
import { dropSessions } from './session-rows.ts'

/** `ended`: the sessions that were open, which are no more. */
type Changed = { row: UserRow; ended: readonly string[] }

export interface Users {
  /** @param mustChange the password is good for one login; default true. @throws HubError `request.invalid` when the name is taken */
  create(user: NewUser, actor: string, mustChange?: boolean): Promise<void>
  /** In the order of their names; and every unit that there is. */
  list(): Promise<UserList>
  /** @throws HubError `user.unknown`; `user.refused` for the own account, or the last who may administer users */
  change(user: string, change: UserChange, actor: string): Promise<Changed>
  /** A password for one login; unlocks as well. @throws as `change` */
  resetPassword(user: string, password: string, actor: string): Promise<Changed>
  /** Failed tries until now no longer count. @throws HubError `user.unknown` */
  unlock(user: string, actor: string): Promise<UserRow>
  /**
   * When there is nobody yet: `admin`, who runs the hub, and `security`, who makes the other users (三员分立: neither may do
   * both). A given password is admin's own; the others are random, shown here, and good for one login.
   */
  createFirst(adminPassword: string | undefined, show: (user: string, password: string) => void): Promise<void>
}

type Row = Selectable<AccessTables['user']>
type Trx = Transaction<AccessData>
/** What is changed, and the audit line of it: an act of its own for each, so that one kind can be looked for. */
const acts = {
  role: 'user.role',
  districts: 'user.districts',
  unit: 'user.change',
} as const

export function createUsers({
  clock,
  record,
  passwords,
}: {
  clock: Clock
  record: RecordStore<AccessData>
  passwords: Passwords
}): Users {
  const line = (actor: string, action: string, subject: string, detail: { [name: string]: unknown } = {}) => ({
    at: clock.now(),
    actor,
    action,
    subject,
    detail,
  })
  const shownOf = (row: Row): UserRow =>
    UserRow.parse({
      user: row.name,
      role: row.role,
      districts: JSON.parse(row.districts),
      unit: row.unit,
      disabled: row.disabled === 1,
      lockedUntil: row.locked_until !== null && row.locked_until > clock.now() ? row.locked_until : null,
      mustChangePassword: row.must_change === 1,
    })
  const find = async (trx: Trx, user: string): Promise<Row> => {
    const row = await trx.selectFrom('user').selectAll().where('name', '=', user).executeTakeFirst()
    if (!row) throw new HubError('user.unknown', { value: user })
    return row
  }
  const put = async (trx: Trx, row: Row): Promise<void> => {
    const { name, ...values } = row
    await trx.updateTable('user').set(values).where('name', '=', name).execute()
  }
  const requireOther = (user: string, actor: string) => {
    if (user === actor) throw new HubError('user.refused', { value: user, limit: limitText('own-account') })
  }
  const unlocked = () => ({ failures: 0, locked_until: null, unlocked_at: clock.now() })

  async function create(
    { user, password, role, districts, unit }: NewUser,
    actor: string,
    mustChange = true,
  ): Promise<void> {
    // The one of the configuration is the operator's own choice.
    if (mustChange) requireNewPassword(user, password)
    const row = {
      name: user,
      password_hash: await passwords.hash(password),
      role,
      districts: JSON.stringify(districts),
      unit: unit ?? null,
      must_change: Number(mustChange),
    }
    await record.transaction(async (trx) => {
      const taken = await trx.selectFrom('user').select('name').where('name', '=', user).executeTakeFirst()
      if (taken) throw new HubError('request.invalid', { field: 'user', value: user, limit: limitText('name-taken') })
      await trx
        .insertInto('user')
        .values({ ...row, failures: 0, locked_until: null })
        .execute()
      await audit.append(trx, line(actor, 'user.create', user, { role, districts, ...(unit && { unit }) }))
    })
  }
  return {
    create,
    async list() {
      const users = await record.db.selectFrom('user').selectAll().orderBy('name').execute()
      const ofOrders = await record.db.selectFrom('work_orders_order').select('unit').distinct().execute()
      const ofDevices = await record.db
        .selectFrom('registry_device')
        .select('maintainer as unit')
        .distinct()
        .where('maintainer', 'is not', null)
        .execute()
      const units = [...users, ...ofOrders, ...ofDevices].flatMap(({ unit }) => unit ?? [])
      return { users: users.map(shownOf), units: [...new Set(units)].sort() }
    },
    change: (user, change, actor) =>
      record.transaction(async (trx) => {
        requireOther(user, actor)
        const before = await find(trx, user)
        const from = shownOf(before)
        const { role, districts, unit, disabled } = { ...from, ...given(change) }
        const row = { ...before, role, districts: JSON.stringify(districts), unit, disabled: Number(disabled) }
        await put(trx, row)
        await requireSecurity(trx, user)
        const to = shownOf(row)
        for (const name of ['role', 'districts', 'unit'] as const)
          if (JSON.stringify(from[name]) !== JSON.stringify(to[name]))
            await audit.append(trx, line(actor, acts[name], user, { from: from[name], to: to[name] }))
        if (from.disabled !== disabled)
          await audit.append(trx, line(actor, disabled ? 'user.disable' : 'user.enable', user))
        const same = JSON.stringify(from) === JSON.stringify(to)
        return { row: to, ended: same ? [] : await dropSessions(trx, user) }
      }),
    async resetPassword(user, password, actor) {
      requireOther(user, actor)
      requireNewPassword(user, password)
      const password_hash = await passwords.hash(password)
      return await record.transaction(async (trx) => {
        const row = { ...(await find(trx, user)), password_hash, must_change: 1, ...unlocked() }
        await put(trx, row)
        await audit.append(trx, line(actor, 'user.password', user))
        return { row: shownOf(row), ended: await dropSessions(trx, user) }
      })
    },
    unlock: (user, actor) =>
      record.transaction(async (trx) => {
        const row = { ...(await find(trx, user)), ...unlocked() }
        await put(trx, row)
        await audit.append(trx, line(actor, 'user.unlock', user))
        return shownOf(row)
      }),
    async createFirst(adminPassword, show) {
      if (await record.db.selectFrom('user').select('name').limit(1).executeTakeFirst()) return
      const first = [
        { user: 'admin', role: 'sysadmin', password: adminPassword ?? randomToken() },
        { user: 'security', role: 'secadmin', password: randomToken() },
      ] as const
      for (const { user, role, password } of first) {
        const given = password === adminPassword
        // Shown before it holds: a hub that ends between the two shows another at its next start.
        if (!given) show(user, password)
        await create({ user, role, password, districts: 'city' }, 'hub', !given)
      }
    },
  }
}

/** Somebody must be left who may let the others in again. */
async function requireSecurity(trx: Trx, user: string): Promise<void> {
  const one = trx.selectFrom('user').select('name').where('role', '=', 'secadmin').where('disabled', '=', 0).limit(1)
  if (!(await one.executeTakeFirst()))
    throw new HubError('user.refused', { value: user, limit: limitText('last-security') })
}

/** What is left out is not undefined: it stays. */
const given = (change: UserChange) =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
