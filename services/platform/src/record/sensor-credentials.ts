/** Passwords of sensors: the hub keeps a digest, the gateway gets the digest, and only the sensor has the password. */
import { type DeviceId, HubError } from '@hub/contracts'
import type { Kysely } from 'kysely'
import { randomToken, sha256 } from '../ids.ts'
import { bumpAssignment } from './gateways.ts'
import type { RecordTables } from './schema.ts'

/**
 * Gives each sensor a new random password and voids its old one. Run it in a transaction, after scope and role have been
 * checked. @throws HubError `device.unknown` for an id that is no sensor.
 */
export async function issueSensorPasswords(
  trx: Kysely<RecordTables>,
  devices: readonly DeviceId[],
  now: number,
): Promise<{ device: DeviceId; password: string }[]> {
  const sensors = await trx
    .selectFrom('device')
    .select(['id', 'gateway'])
    .where('id', 'in', devices)
    .where('kind', '=', 'sensor')
    .execute()
  const known = new Set(sensors.map(({ id }) => id))
  const secrets = devices.map((device) => {
    if (!known.has(device)) throw new HubError('device.unknown', { value: device })
    return { device, password: randomToken() }
  })
  for (const { device, password } of secrets) {
    const columns = { password_hash: sha256(password), issued_at: now }
    await trx
      .insertInto('sensor_credential')
      .values({ device, ...columns })
      .onConflict((conflict) => conflict.column('device').doUpdateSet(columns))
      .execute()
  }
  await bumpAssignment(
    trx,
    sensors.flatMap(({ gateway }) => gateway ?? []),
  )
  return secrets
}
