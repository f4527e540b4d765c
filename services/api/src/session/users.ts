/** Users: made by the security administrator, who also says whose unit they are of; the first two by the hub itself. */
import { HubError, type NewUser, type UserChange, type UserList, UserRow } from '@hub/contracts'
import { type Clock, type RecordStore, randomToken } from '@hub/platform'
import { sql } from 'kysely'
import { audit } from '../audit.ts'
import type { Passwords } from './passwords.ts'

export interface Users {
  /** @throws HubError `request.invalid` when the name is taken */
  create(user: NewUser, actor: string): Promise<void>
  /** In the order of their names; and every unit that there is. */
  list(): Promise<UserList>
  /** @throws HubError `user.unknown` */
  change(user: string, change: UserChange, actor: string): Promise<UserRow>
  /**
   * When there is nobody yet: `admin`, who runs the hub, and `security`, who makes the other users (三员分立: neither may do
   * both). A given password is admin's, and who gave it knows it; the others are random and shown here, once.
   */
  createFirst(adminPassword: string | undefined, show: (user: string, password: string) => void): Promise<void>
}

export function createUsers({
  clock,
  record,
  passwords,
}: {
  clock: Clock
  record: RecordStore
  passwords: Passwords
}): Users {
  async function create({ user, password, role, districts, unit }: NewUser, actor: string): Promise<void> {
    const row = {
      name: user,
      password_hash: await passwords.hash(password),
      role,
      districts: JSON.stringify(districts),
      unit: unit ?? null,
    }
    await record.transaction(async (trx) => {
      const taken = await trx.selectFrom('user').select('name').where('name', '=', user).executeTakeFirst()
      if (taken) throw new HubError('request.invalid', { field: 'user', value: user, limit: 'the name is taken' })
      await trx
        .insertInto('user')
        .values({ ...row, failures: 0, locked_until: null })
        .execute()
      await audit(trx, clock.now(), {
        actor,
        action: 'user.create',
        subject: user,
        detail: { role, districts, ...(unit && { unit }) },
      })
    })
  }
  return {
    create,
    async list() {
      const users = await record.db.selectFrom('user').selectAll().orderBy('name').execute()
      const { rows } = await sql<{ unit: string }>`
        SELECT unit FROM user WHERE unit IS NOT NULL UNION SELECT unit FROM work_order
        UNION SELECT record ->> '$.maintainer' FROM device WHERE record ->> '$.maintainer' IS NOT NULL
        ORDER BY 1`.execute(record.db)
      return { users: users.map(shownOf), units: rows.map(({ unit }) => unit) }
    },
    change: (user, { unit }, actor) =>
      record.transaction(async (trx) => {
        const row = await trx.selectFrom('user').selectAll().where('name', '=', user).executeTakeFirst()
        if (!row) throw new HubError('user.unknown', { value: user })
        await trx.updateTable('user').set({ unit }).where('name', '=', user).execute()
        const detail = { from: row.unit, to: unit }
        await audit(trx, clock.now(), { actor, action: 'user.change', subject: user, detail })
        return shownOf({ ...row, unit })
      }),
    async createFirst(adminPassword, show) {
      if (await record.db.selectFrom('user').select('name').limit(1).executeTakeFirst()) return
      const first = [
        { user: 'admin', role: 'sysadmin', password: adminPassword ?? randomToken() },
        { user: 'security', role: 'secadmin', password: randomToken() },
      ] as const
      for (const { user, role, password } of first) {
        await create({ user, role, password, districts: 'city' }, 'hub')
        if (password !== adminPassword) show(user, password)
      }
    },
  }
}

const shownOf = (row: { name: string; role: string; districts: string; unit: string | null }): UserRow =>
  UserRow.parse({ user: row.name, role: row.role, districts: JSON.parse(row.districts), unit: row.unit })
