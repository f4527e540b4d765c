/** What people ask of the whole registry, answered on the Record's thread of long readings: an answer is small, or comes in parts. */
import { type DiscoveredRow, inScope, type Progress, type Rollout, type Scope } from '@hub/contracts'
import { dayOf, type ProgressDevice, progressOf } from '@hub/core'
import { listDiscovered, type ReadSource, registryRevision } from '@hub/platform'
import { csvHeader, csvRows } from '../csv/export.ts'
import { type CsvRow, readRows } from '../csv/read.ts'
import { rolloutCsv } from '../csv/rollout.ts'
import type { Call, Language } from '../http/call.ts'
import { piecesOf } from '../http/json.ts'
import { type Cache, createCache } from '../live/cache.ts'
import { type RolloutSource, rolloutOf } from '../rollout.ts'
import { devicePage, recordPages } from '../store/devices.ts'
import { readProgress } from '../store/progress.ts'
import { readRollout } from '../store/rollout.ts'

type Asked<Q> = { scope: Scope; query: Q; now: number }

/** Discovery goes on all the time: askers within this time share one reading. */
const rolloutKeptMs = 10_000
/** Rows of a file, or of a list, in one part. */
const part = 100

/** What is kept between two questions, of one connection. */
type Kept = { rollouts: Cache<RolloutSource>; progress?: { revision: string; devices: Promise<ProgressDevice[]> } }
const kept = new WeakMap<ReadSource['db'], Kept>()
/** The hub's clock, as of the latest question. */
let latest = 0

function keptOf({ db }: ReadSource): Kept {
  const there = kept.get(db)
  if (there) return there
  const made: Kept = { rollouts: createCache({ now: () => latest }, rolloutKeptMs) }
  kept.set(db, made)
  return made
}

function rolloutSource(source: ReadSource, now: number): Promise<RolloutSource> {
  latest = now
  return keptOf(source).rollouts.get('city', () => readRollout(source.db, now))
}

export async function rollout(
  source: ReadSource,
  { scope, query, now }: Asked<Call<'rollout'>['query']>,
): Promise<Rollout> {
  const { rows, ...rest } = rolloutOf(await rolloutSource(source, now), scope, query)
  return { ...rest, total: rows.length, rows: rows.slice(query.offset, query.offset + query.limit) }
}

/** UTF-8. */
export async function rolloutFile(
  source: ReadSource,
  { scope, query, now }: Asked<Call<'exportRollout'>['query']>,
): Promise<Uint8Array> {
  return Buffer.from(rolloutCsv(rolloutOf(await rolloutSource(source, now), scope, query).rows))
}

export async function progress(
  source: ReadSource,
  { scope, query: { by, district, carrier, project }, now }: Asked<Call<'progress'>['query']>,
): Promise<Progress> {
  const wanted = (await progressDevices(source)).filter(
    (d) =>
      inScope(scope, d.district) &&
      (district === undefined || d.district === district) &&
      (carrier === undefined || d.carrier === carrier) &&
      (project === undefined || (d.project ?? '') === project),
  )
  return { asOf: now, ...progressOf(wanted, dayOf(now), by) }
}

/** Read again only when the registry has changed. */
async function progressDevices(source: ReadSource): Promise<ProgressDevice[]> {
  const mine = keptOf(source)
  const revision = await registryRevision(source.db)
  if (mine.progress?.revision === revision) return mine.progress.devices
  const devices = readProgress(source.db)
  mine.progress = { revision, devices }
  devices.catch(() => mine.progress?.devices === devices && delete mine.progress)
  return devices
}

/** The answer's JSON, UTF-8. */
export async function* devicesJson(
  { db }: ReadSource,
  { scope, query, now }: Asked<Call<'devices'>['query']>,
): AsyncGenerator<Uint8Array, void> {
  for (const text of piecesOf({ asOf: now, ...(await devicePage(db, scope, query)) })) yield Buffer.from(text)
}

export async function* discovered({ db }: ReadSource, scope: Scope): AsyncGenerator<DiscoveredRow[], void> {
  const rows = (await listDiscovered(db, scope)).map(({ device: _, ...row }) => row)
  for (let at = 0; at < rows.length; at += part) yield rows.slice(at, at + part)
}

/** UTF-8. */
export async function* registryFile({ db }: ReadSource, scope: Scope): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(csvHeader())
  for await (const records of recordPages(db, scope, part)) yield Buffer.from(csvRows(records))
}

/** A registry file, read and checked. @throws HubError `import.header` */
export async function* importedRows(
  _source: ReadSource,
  { bytes, language }: { bytes: Uint8Array; language: Language },
): AsyncGenerator<CsvRow[], void> {
  let rows: CsvRow[] = []
  for await (const row of readRows(bytes, language)) {
    if (rows.push(row) < part) continue
    yield rows
    rows = []
  }
  yield rows
}
