/** What gateways said of one device, read back from the raw batches, with what they signed: unpacked off the main thread, a bounded number of them. */
import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import {
  type DeviceId,
  type DistrictCode,
  type GatewaysViews,
  inScope,
  type Observation,
  type ObservationBatch,
  type PinnedKey,
  type Refusal,
  type SealedBatch,
} from '@hub/contracts'
import type { Reader } from '@hub/platform'
import type { Kysely } from 'kysely'
import type * as queries from './pack-queries.ts'
import { unpackRuns } from './run-store.ts'
import { batchesOf, type PlacedObservation } from './sealed-batches.ts'
import type { IngestTables } from './tables.ts'

type Db = Kysely<Pick<IngestTables, 'batch' | 'probe_run' | 'probe_run_pack'> & GatewaysViews>
export type ObservationsQuestion = {
  device: DeviceId
  district: string
  gateway: string | null
  /** `[from, to)` of event time. */
  from: number
  to: number
  limit: number
  /** The longest time that one batch covers, ms. */
  span: number
  signal: AbortSignal
  /** Packs are searched on a thread of their own. */
  packs: Pick<Reader<typeof queries>, 'ask'>
}

const unpack = promisify(zstdDecompress)
/** Batches that are unpacked at once: the thread pool has few threads. */
const page = 16
/** At most so many are unpacked for one answer: about five hours of a gateway that sends one a second. */
const mostBatches = 20_000

/**
 * Oldest first. `truncated`: there are more, or may be, for as many batches as one answer may cost were read.
 */
export async function readObservations(
  db: Db,
  question: ObservationsQuestion,
): Promise<{ observations: Observation[]; truncated: boolean; batches: SealedBatch[] }> {
  const { device, from, to, limit, span, signal, packs } = question
  const gateways = await gatewaysOf(db, question)
  const packed = await packs.ask('findPacked', { device, gateways, from, to, limit })
  const found: PlacedObservation[] = packed.placed
  let { truncated } = packed
  for (const gateway of gateways) {
    let read = 0
    for (let after = { at: -1, id: 0 }; !signal.aborted; ) {
      const rows = await db
        .selectFrom('batch')
        .select(['id', 'epoch', 'seq', 'first_at', 'payload'])
        .where('gateway', '=', gateway)
        .where('first_at', '>', from - span - 1)
        .where('first_at', '<', to)
        .where('last_at', '>=', from)
        .where('count', '>', 0)
        .where(({ eb, and, or }) =>
          or([eb('first_at', '>', after.at), and([eb('first_at', '=', after.at), eb('id', '>', after.id)])]),
        )
        .orderBy('first_at')
        .orderBy('id')
        .limit(page)
        .execute()
      const texts = await Promise.all(rows.map(({ payload }) => unpack(payload)))
      for (const [n, { id, epoch, seq }] of rows.entries()) {
        const text = texts[n]!
        // Searching is cheaper than parsing.
        if (!text.includes(device)) continue
        const batch = { id, gateway, epoch, seq }
        for (const observation of (JSON.parse(text.toString()) as ObservationBatch).observations)
          if (observation.device === device && observation.at >= from && observation.at < to)
            found.push({ observation, batch })
      }
      read += rows.length
      const last = rows.at(-1)
      if (!last || rows.length < page) break
      after = { at: last.first_at, id: last.id }
      // A later batch may hold what came before by the length of a batch at most.
      const enough = found.length > limit && nth(found, limit) < last.first_at
      if (!enough && read < mostBatches) continue
      truncated = true
      break
    }
  }
  found.sort((a, b) => a.observation.at - b.observation.at)
  const shown = found.slice(0, limit)
  const batches = await packs.ask('findSealed', { batches: batchesOf(shown) })
  const observations = shown.map(({ observation }) => observation)
  return { observations, truncated: truncated || found.length > limit, batches }
}

/** When the one after the first `n` was. */
const nth = (found: readonly PlacedObservation[], n: number): number =>
  found.map(({ observation }) => observation.at).sort((a, b) => a - b)[n] ?? Number.POSITIVE_INFINITY

/** Every key that the gateways of these batches have told. */
export async function readKeys(db: Kysely<GatewaysViews>, batches: readonly SealedBatch[]): Promise<PinnedKey[]> {
  const gateways = [...new Set(batches.map(({ gateway }) => gateway))]
  if (gateways.length === 0) return []
  const rows = await db
    .selectFrom('gateways_key')
    .select(['gateway', 'key', 'pinned_at', 'retired_at'])
    .where('gateway', 'in', gateways)
    .orderBy('told_at')
    .orderBy('key')
    .execute()
  return rows.map(({ gateway, key, pinned_at: pinnedAt, retired_at: retiredAt }) => {
    return { gateway, key, pinnedAt, retiredAt }
  })
}

/** Its own gateway and those that serve its district. */
async function gatewaysOf(db: Db, { gateway, district }: ObservationsQuestion): Promise<string[]> {
  const rows = await db.selectFrom('gateways_gateway').select(['id', 'districts']).orderBy('id').execute()
  const serving = rows.filter(({ districts }) => inScope(JSON.parse(districts) as DistrictCode[], district))
  return [...new Set([...(gateway === null ? [] : [gateway]), ...serving.map(({ id }) => id)])]
}

/** What was refused of a device, whichever gateway sent it. */
export async function readRefusals(db: Kysely<Pick<IngestTables, 'refusal'>>, device: DeviceId): Promise<Refusal[]> {
  const rows = await db
    .selectFrom('refusal')
    .selectAll()
    .where('device', '=', device)
    .orderBy('last_at', 'desc')
    .execute()
  return rows.map(({ reason, count, first_at: firstAt, last_at: lastAt }) => {
    return { reason: reason as Refusal['reason'], count, firstAt, lastAt }
  })
}

export type EvidenceRow = Pick<Observation, 'verdict' | 'rung' | 'reason'> & {
  firstAt: number
  lastAt: number
  count: number
}

/** What observations said in a row, of the runs that touch `[from, to)`; oldest first, at most `limit`. */
export async function readEvidence(
  db: Db,
  { device, from, to, limit }: Pick<ObservationsQuestion, 'device' | 'from' | 'to' | 'limit'>,
): Promise<EvidenceRow[]> {
  const packs = await db
    .selectFrom('probe_run_pack')
    .select('runs')
    .where('device', '=', device)
    .where('from_at', '<', to)
    .where('to_at', '>', from)
    .where('runs', 'is not', null)
    .orderBy('from_at')
    .execute()
  const packed = packs.flatMap(({ runs }) => unpackRuns(runs!)).filter((r) => r.firstAt < to && r.lastAt >= from)
  const rows = await db
    .selectFrom('probe_run')
    .select(['verdict', 'rung', 'reason', 'first_at', 'last_at', 'count'])
    .where('device', '=', device)
    .where('first_at', '<', to)
    .where('last_at', '>=', from)
    .orderBy('first_at')
    .limit(limit)
    .execute()
  const loose = rows.map(({ verdict, rung, reason, first_at: firstAt, last_at: lastAt, count }) => ({
    verdict: verdict as EvidenceRow['verdict'],
    rung: rung as EvidenceRow['rung'],
    firstAt,
    lastAt,
    count,
    ...(reason !== null && { reason: reason as NonNullable<EvidenceRow['reason']> }),
  }))
  const all = [...packed.map(({ heads: _, freshUntil: __, ...run }) => run), ...loose]
  return all.sort((a, b) => a.firstAt - b.firstAt).slice(0, limit)
}
