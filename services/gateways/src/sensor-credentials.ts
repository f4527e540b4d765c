/** Passwords of sensors: the hub keeps a digest, the gateway gets the digest, and only the sensor has the password. */
import { type DeviceId, type GatewayId, HubError } from '@hub/contracts'
import { randomToken, sha256 } from '@hub/platform'
import { reassign } from './reassign.ts'
import type { GatewaysDb } from './tables.ts'

/**
 * Gives each sensor a new random password and voids its old one. Run it in a transaction, after scope and role have been
 * checked. @returns the passwords, and the gateways whose assignment has changed
 * @throws HubError `device.unknown` for an id that is no sensor
 */
export async function issueSensorPasswords(
  trx: GatewaysDb,
  devices: readonly DeviceId[],
  now: number,
): Promise<{ secrets: { device: DeviceId; password: string }[]; gateways: GatewayId[] }> {
  const sensors = await trx
    .selectFrom('registry_device')
    .select('id')
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
  return { secrets, gateways: await reassign(trx, devices) }
}
