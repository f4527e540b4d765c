/** Demonstrations only: simulated cameras of the named project are approved when an imported record is theirs. */
import { type DeviceId, districtOf, type GatewayId } from '@hub/contracts'
import { yieldToEventLoop } from '@hub/platform'
import { type Approved, approve } from './approval.ts'
import type { GatewaysConfig } from './config.ts'
import { matchFound } from './match-found.ts'
import { areSignsCurrent, indexPlannedSigns } from './planned-signs.ts'
import type { AppendRegistryChanged } from './registry-changed.ts'
import { slicesOf } from './slices.ts'
import { districtsOf } from './store.ts'
import type { GatewaysDb, GatewaysRecord } from './tables.ts'
import { everyMsOf } from './take-registry-change.ts'

type Parts = { record: GatewaysRecord; config: GatewaysConfig; registryChanged: AppendRegistryChanged }

/** Found devices that are read of the queue at once, of all gateways. */
const page = 400
/** Those of one gateway that are matched, and approved in one transaction. */
const slice = 100

/**
 * Goes through the queue of those whose match may be another than before, and approves what belongs to the districts of its gateway:
 * multicast may reach further. One call at a time. @returns how many were approved, by gateway
 */
export async function approvePending({ record, config, registryChanged }: Parts): Promise<Map<GatewayId, number>> {
  const approved = new Map<GatewayId, number>()
  const { demo } = config
  if (!demo) return approved
  for (;;) {
    await indexPlannedSigns(record, { rematch: true })
    const queue = await record.db.selectFrom('discovered_pending').selectAll().orderBy('id').limit(page).execute()
    if (queue.length === 0) return approved
    for (const [gateway, waiting] of batchesOf(queue)) {
      const endpoints = waiting.map(({ endpoint }) => endpoint)
      const districts = await districtsOf(record.db, gateway)
      const found = await matchFound(record.db, 'city', endpoints, { waitingAt: gateway })
      const approvals = found.flatMap(({ matches: device, endpoint, quarantine, project }): Approved[] => {
        if (device === null || quarantine !== 'new' || project !== demo.approveProject) return []
        return districts.includes(districtOf(device))
          ? [{ gateway, endpoint, device, credential: demo.credential }]
          : []
      })
      const count = await record.transaction(async (trx) => {
        // What was matched is as it was, or it is matched again.
        if (approvals.length > 0 && !(await areSignsCurrent(trx))) return undefined
        const free = await stillFree(trx, gateway, approvals)
        if (free.length > 0) {
          await approve(trx, free, everyMsOf(config), { rematch: true })
          await registryChanged(
            trx,
            free.map(({ device }) => device),
            [gateway],
          )
        }
        for (const some of slicesOf(waiting))
          await trx
            .deleteFrom('discovered_pending')
            .where(
              'id',
              'in',
              some.map(({ id }) => id),
            )
            .execute()
        return free.length
      })
      if (count) approved.set(gateway, (approved.get(gateway) ?? 0) + count)
      await yieldToEventLoop()
    }
  }
}

function* batchesOf<R extends { gateway: GatewayId }>(queue: readonly R[]): Generator<[GatewayId, R[]]> {
  for (const [gateway, all] of Map.groupBy(queue, (row) => row.gateway))
    for (const some of slicesOf(all, slice)) yield [gateway, some]
}

/** An operator may have decided meanwhile. */
async function stillFree(trx: GatewaysDb, gateway: GatewayId, approvals: readonly Approved[]): Promise<Approved[]> {
  const waiting = new Set<string>()
  const bound = new Set<DeviceId>()
  for (const some of slicesOf(approvals)) {
    const rows = await trx
      .selectFrom('discovered')
      .select('endpoint')
      .where('gateway', '=', gateway)
      .where(
        'endpoint',
        'in',
        some.map(({ endpoint }) => endpoint),
      )
      .where('status', '=', 'waiting')
      .execute()
    for (const { endpoint } of rows) waiting.add(endpoint)
    const bindings = await trx
      .selectFrom('device_binding')
      .select('device')
      .where(
        'device',
        'in',
        some.map(({ device }) => device),
      )
      .where('xaddr', 'is not', null)
      .execute()
    for (const { device } of bindings) bound.add(device)
  }
  return approvals.filter(({ endpoint, device }) => waiting.has(endpoint) && !bound.has(device))
}
