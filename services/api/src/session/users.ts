/** Users: made by the security administrator; the first two by the hub itself. */
import { HubError, type Role, type Scope } from '@hub/contracts'
import { type Clock, type RecordStore, randomToken } from '@hub/platform'
import { audit } from '../audit.ts'
import type { Passwords } from './passwords.ts'

export type NewUser = { user: string; password: string; role: Role; districts: Scope }

export interface Users {
  /** @throws HubError `request.invalid` when the name is taken */
  create(user: NewUser, actor: string): Promise<void>
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
  async function create({ user, password, role, districts }: NewUser, actor: string): Promise<void> {
    const row = {
      name: user,
      password_hash: await passwords.hash(password),
      role,
      districts: JSON.stringify(districts),
    }
    await record.transaction(async (trx) => {
      const taken = await trx.selectFrom('user').select('name').where('name', '=', user).executeTakeFirst()
      if (taken) throw new HubError('request.invalid', { field: 'user', value: user, limit: 'the name is taken' })
      await trx
        .insertInto('user')
        .values({ ...row, failures: 0, locked_until: null })
        .execute()
      await audit(trx, clock.now(), { actor, action: 'user.create', subject: user, detail: { role, districts } })
    })
  }
  return {
    create,
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
