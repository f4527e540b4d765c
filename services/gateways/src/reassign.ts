/**
 * Works out what the gateways have to be told of devices, and notes what of it is another than before. The room does it in the transaction
 * that has changed a binding, a credential or what the record says. What no gateway needs to know makes no new version.
 */
import type { AssignedDevice, DeviceId, GatewayId } from '@hub/contracts'
import { emptyDigest, toggled } from '@hub/core'
import { type AssignedRow, assignedOf } from './assigned.ts'
import type { GatewaysDb } from './tables.ts'

/** Devices of one statement. */
const slice = 500

type Change = { gateway: GatewayId; device: DeviceId; before: string | null; after: string | null }

/** Run it in a transaction. @returns the gateways whose assignment has got a new version */
export async function reassign(trx: GatewaysDb, devices: readonly DeviceId[]): Promise<GatewayId[]> {
  const changes: Change[] = []
  for (let i = 0; i < devices.length; i += slice) changes.push(...(await changesOf(trx, devices.slice(i, i + slice))))
  const groups = Map.groupBy(changes, ({ gateway }) => gateway)
  for (const [gateway, group] of groups) await write(trx, gateway, group)
  return [...groups.keys()]
}

/** For a Record that has never known what is assigned: what is bound now is what the version in force says. Run it in a transaction. */
export async function fillAssigned(trx: GatewaysDb): Promise<void> {
  const gateways = await trx
    .selectFrom('gateway')
    .select(['id', 'assignment_version'])
    .where('assignment_digest', 'is', null)
    .execute()
  for (const { id: gateway, assignment_version: version } of gateways) {
    const rows = await boundRows(trx).where('gateway', '=', gateway).execute()
    const list = rows.flatMap((row) => assignedOf(row) ?? [])
    for (let i = 0; i < list.length; i += slice) {
      const some = list.slice(i, i + slice)
      const put = some.map((one) => ({ gateway, device: one.id, version, assigned: JSON.stringify(one) }))
      await trx.insertInto('assigned_device').values(put).execute()
    }
    const digest = list.reduce(toggled, emptyDigest)
    await trx.updateTable('gateway').set({ assignment_digest: digest }).where('id', '=', gateway).execute()
  }
}

const boundRows = (db: GatewaysDb) =>
  db
    .selectFrom('device_binding as binding')
    .innerJoin('registry_device', 'registry_device.id', 'binding.device')
    .leftJoin('sensor_credential', 'sensor_credential.device', 'binding.device')
    .select(['id', 'kind', 'gateway', 'xaddr', 'endpoint', 'credential', 'every_ms', 'password_hash'])
    .where('stage', '!=', 'retired')

async function changesOf(trx: GatewaysDb, devices: readonly DeviceId[]): Promise<Change[]> {
  const old = await trx
    .selectFrom('assigned_device')
    .select(['gateway', 'device', 'assigned'])
    .where('device', 'in', devices)
    .execute()
  const changes = new Map<string, Change>()
  for (const { gateway, device, assigned: before } of old)
    changes.set(`${gateway}/${device}`, { gateway, device, before, after: null })
  const rows: (AssignedRow & { gateway: GatewayId })[] = await boundRows(trx)
    .where('binding.device', 'in', devices)
    .execute()
  for (const { gateway, ...row } of rows) {
    const assigned = assignedOf(row)
    if (!assigned) continue
    const key = `${gateway}/${row.id}`
    const before = changes.get(key)?.before ?? null
    changes.set(key, { gateway, device: row.id, before, after: JSON.stringify(assigned) })
  }
  return [...changes.values()].filter(({ before, after }) => before !== after)
}

/** Each device gets a version of its own, so that a large change can be told in parts. */
async function write(trx: GatewaysDb, gateway: GatewayId, changes: readonly Change[]): Promise<void> {
  const found = await trx
    .selectFrom('gateway')
    .select(['assignment_version', 'assignment_digest'])
    .where('id', '=', gateway)
    .executeTakeFirst()
  if (!found) return
  let { assignment_version: version, assignment_digest: digest } = found
  digest ??= emptyDigest
  const rows = []
  for (const { device, before, after } of changes) {
    for (const one of [before, after]) if (one !== null) digest = toggled(digest, JSON.parse(one) as AssignedDevice)
    rows.push({ gateway, device, version: ++version, assigned: after })
  }
  for (let i = 0; i < rows.length; i += slice)
    await trx
      .insertInto('assigned_device')
      .values(rows.slice(i, i + slice))
      .onConflict((conflict) =>
        conflict
          .columns(['gateway', 'device'])
          .doUpdateSet((row) => ({ version: row.ref('excluded.version'), assigned: row.ref('excluded.assigned') })),
      )
      .execute()
  await trx
    .updateTable('gateway')
    .set({ assignment_version: version, assignment_digest: digest })
    .where('id', '=', gateway)
    .execute()
}
