/**
 * A hub on disk with what a month of cards rests on: two districts with a gateway each, whose batches are sealed by the gateways' own program and taken in
 * by ingest's, and cards that one makes, another reviews and a third locks.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Observation } from '@hub/contracts'
import { tablesOf } from '@hub/platform'
import { openSealer, type Sealer } from '../../../../gateway/src/seal/sealer.ts'
import { encode, pack as packBatch } from '../../../../gateway/src/spool/pack.ts'
import { takeKey } from '../../../gateways/src/keys.ts'
import type { GatewaysData } from '../../../gateways/src/tables.ts'
import { camera, cameraA, cameraB, gatewayA, gatewayB, type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import { sealOf } from '../../../ingest/src/batch-seal.ts'
import { pack } from '../../../ingest/src/raw-batches.ts'
import { createStore } from '../../../ingest/src/store.ts'

const hour = 3_600_000
/** December 2026 in the city. */
export const monthBegin = Date.parse('2026-12-01T00:00+08:00')
const monthEnd = Date.parse('2027-01-01T00:00+08:00')
const ruleOf = (state: string) =>
  JSON.stringify({
    id: 'confirmed',
    ...(state === 'down' && { rung: 'reachable', reason: 'timeout' }),
    count: 1,
    needed: 1,
    firstAt: 1,
    lastAt: 2,
  })
const epoch = monthBegin - hour
export const districtA = cameraA.slice(0, 6)
export const districtB = cameraB.slice(0, 6)

export type SealedHub = Awaited<ReturnType<typeof startSealedHub>>

/** @param options `consoleDir`: serves the console that was built there */
export async function startSealedHub(options: { batches?: number; config?: object; consoleDir?: string } = {}) {
  const { batches = 40, config = {}, consoleDir } = options
  const hub = await startHub({ onDisk: true, ...(consoleDir && { consoleDir }) }, config)
  await hub.importRecords([
    camera(cameraA, { inServiceAt: '2026-11-01' }),
    camera(cameraB, { inServiceAt: '2026-11-01', carrier: 'mobile' }),
  ])
  for (const [device, hours] of [
    [cameraA, 100],
    [cameraB, 50],
  ] as const) {
    const put = (from_at: number, to_at: number, state: string) =>
      hub.record.db
        .insertInto('interval')
        .values({ device, from_at, to_at, state, rule: ruleOf(state) })
        .execute()
    await put(monthBegin, monthBegin + hours * hour, 'up')
    await put(monthBegin + hours * hour, monthBegin + 100 * hour + 1, 'down')
  }
  const sealers: Record<string, Sealer> = {
    [gatewayA]: await enrol(hub, gatewayA),
    [gatewayB]: await enrol(hub, gatewayB),
  }
  const store = createStore(hub.record.sqlite)
  const take = (gateway: string, seq: number, device: string, at: number, more: Partial<Observation> = {}) =>
    hub.record.commit(() => takeBatch(store, sealers[gateway]!, { gateway, seq }, look(device, at, more)))
  for (let n = 1; n <= batches; n++) {
    await take(gatewayA, n, cameraA, monthBegin + n * hour)
    await take(gatewayB, n, cameraB, monthBegin + n * hour)
  }

  // Nothing waits in a spool: the month may be locked.
  await hub.record.db.updateTable('gateway').set({ drained_at: monthEnd }).execute()

  const make = (kind: 'district' | 'carrier' = 'district', reason?: string) =>
    hub.ask('oper', 'makeScorecards', { body: { month: '2026-12', kind, ...(reason && { reason }) } })
  const step = (user: string, id: string, what: string) =>
    hub.ask(user, 'stepScorecard', { params: { id }, body: { step: what } })
  return {
    hub,
    sealers,
    store,
    take,
    make,
    step,
    recordFile: join(hub.data, 'record.db'),
    anchorFile: join(hub.data, 'anchor.jsonl'),
    packs: join(hub.data, 'packs'),
    /** Made, reviewed, and locked. @returns the answer to the lock */
    async lock(subject: string, kind: 'district' | 'carrier' = 'district', reason?: string) {
      const { json } = await make(kind, reason)
      const { id } = json.cards.find((one: { subject: { key: string } }) => one.subject.key === subject)
      await step('oper', id, 'review')
      return step('sys', id, 'lock')
    },
    history: async (id: string) => (await hub.ask('sys', 'scorecardHistory', { params: { id } })).json,
  }
}

/** As at the first start of a gateway: it makes a key, and the centre pins it. */
async function enrol(hub: Hub, gateway: string): Promise<Sealer> {
  const folder = join(hub.data, gateway)
  mkdirSync(folder)
  const sealer = openSealer(folder, gateway)
  sealer.want()
  const by = { audit: hub.deps.audit, now: monthBegin - hour }
  await tablesOf<GatewaysData>(hub.record).transaction((trx) => takeKey(trx, { gateway, key: sealer.key }, by))
  return sealer
}

const look = (device: string, at: number, more: Partial<Observation>): Observation => {
  return { device, at, kind: 'probe', verdict: 'pass', rung: 'decodes', every: 30_000, ...more }
}

function takeBatch(
  store: ReturnType<typeof createStore>,
  sealer: Pick<Sealer, 'seal'>,
  { gateway, seq }: { gateway: string; seq: number },
  observation: Observation,
): void {
  const { at } = observation
  const message = sealer.seal({ epoch, ...packBatch({ gateway, epoch, seq }, [encode(observation)]) })
  const sealed = sealOf(message, JSON.parse(message.toString()).seal, { gateway, epoch, seq })!
  const times = { first_at: at, last_at: at, received_at: at + 500 }
  const row = { id: store.newestBatch() + 1, gateway, epoch, seq, count: 1, ...times }
  store.insertBatch({ ...row, payload: pack(message) })
  store.insertDigest(row, sealed)
}
