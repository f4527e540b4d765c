/** What follows from changes of the registry: sensors get the gateway that serves their district, and gateways are told what they must know. */
import { type DeviceId, districtOf, type GatewayId, inScope } from '@hub/contracts'
import { secondMs } from '@hub/core'
import type { GatewaysConfig } from './config.ts'
import { reassign } from './reassign.ts'
import type { GatewaysDb } from './tables.ts'

/** Rows of one statement, and devices of one transaction: ingest waits for it at most. */
const slice = 500

type Config = Pick<GatewaysConfig, 'gateways' | 'policy'>

/** Time between probes of a device that gets its gateway now. */
export const everyMsOf = ({ policy }: Pick<GatewaysConfig, 'policy'>): number => policy.probeEverySeconds * secondMs

/**
 * `touched`: gateways whose assignment has got a new version. `assigned`: those that got `sensors` by it, which others may have read as
 * having none. `more`: whether there is more to take.
 */
type RegistryTaken = { touched: GatewayId[]; assigned: GatewayId[]; sensors: DeviceId[]; more: boolean }

/**
 * Goes on where it last was in the registry's list of changes, which each change leads by a number of its own: what has changed is read, whoever
 * changed it, and nothing else. Run it in a transaction.
 */
export async function takeRegistryChanges(trx: GatewaysDb, config: Config, most = slice): Promise<RegistryTaken> {
  const rows = await trx
    .selectFrom('registry_change')
    .select(['device', 'revision'])
    .where('revision', '>', (await storedCursor(trx)) ?? 0)
    .orderBy('revision')
    .limit(most)
    .execute()
  if (rows.length === 0) return { touched: [], assigned: [], sensors: [], more: false }
  const devices = rows.map(({ device }) => device)
  const { sensors, gateways: assigned } = await assignSensors(trx, config, devices)
  const touched = await reassign(trx, devices)
  await putCursor(trx, rows.at(-1)!.revision)
  return { touched, assigned, sensors, more: rows.length === most }
}

/** Begins at the registry's latest change, if it has never been followed: what is older has been taken in whole. Run it in a transaction. */
export async function beginCursor(trx: GatewaysDb): Promise<void> {
  if ((await storedCursor(trx)) !== undefined) return
  const latest = await trx
    .selectFrom('registry_change')
    .select('revision')
    .orderBy('revision', 'desc')
    .executeTakeFirst()
  await putCursor(trx, latest?.revision ?? 0)
}

async function storedCursor(db: GatewaysDb): Promise<number | undefined> {
  return (await db.selectFrom('registry_cursor').select('revision').where('id', '=', 1).executeTakeFirst())?.revision
}

async function putCursor(trx: GatewaysDb, revision: number): Promise<void> {
  await trx
    .insertInto('registry_cursor')
    .values({ id: 1, revision })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ revision }))
    .execute()
}

/**
 * Gives each sensor that has no gateway the one that serves its district, if there is one. Cameras get theirs by approval.
 * @param devices null: of all sensors
 * @returns which got one, and from which gateways: that these are told is the caller's
 */
export async function assignSensors(
  trx: GatewaysDb,
  config: Config,
  devices: readonly DeviceId[] | null,
): Promise<{ sensors: DeviceId[]; gateways: GatewayId[] }> {
  let query = trx
    .selectFrom('registry_device')
    .leftJoin('device_binding', 'device_binding.device', 'registry_device.id')
    .select('id')
    .where('kind', '=', 'sensor')
    .where('gateway', 'is', null)
  if (devices) query = query.where('id', 'in', devices)
  const rows = (await query.execute()).flatMap(({ id }) => {
    const gateway = config.gateways.find((g) => inScope(g.districts, districtOf(id)!))?.id
    if (gateway === undefined) return []
    return {
      device: id,
      gateway,
      endpoint: null,
      xaddr: null,
      credential: null,
      every_ms: everyMsOf(config),
      identity: null,
    }
  })
  for (let i = 0; i < rows.length; i += slice)
    await trx
      .insertInto('device_binding')
      .values(rows.slice(i, i + slice))
      .execute()
  return { sensors: rows.map(({ device }) => device), gateways: [...new Set(rows.map(({ gateway }) => gateway))] }
}
