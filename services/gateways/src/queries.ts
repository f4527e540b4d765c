/** What people ask of everything that was found, answered on the Record's read thread: an answer is small, or comes in parts. */
import type { DiscoveredRow, Rollout, Scope } from '@hub/contracts'
import { type Cache, type Call, createCache, type ReadSource } from '@hub/platform'
import { rolloutCsv } from './csv/rollout.ts'
import { listDiscovered } from './discovered.ts'
import type { Discovered } from './found-rows.ts'
import { matchFound } from './match-found.ts'
import { type RolloutSource, rolloutOf } from './rollout.ts'
import { readRollout } from './rollout-facts.ts'
import { slicesOf } from './slices.ts'
import type { GatewaysDb } from './tables.ts'

type Asked<Q> = { scope: Scope; query: Q; now: number }

/** Discovery goes on all the time: askers within this time share one answer. */
const rolloutKeptMs = 10_000
/** Rows of a list in one part. */
const part = 100

/** The types of the Record's tables stand in their rooms. */
const dbOf = ({ db }: ReadSource) => db as unknown as GatewaysDb

const kept = new WeakMap<ReadSource['db'], Cache<RolloutSource>>()
/** The hub's clock, as of the latest question. */
let latest = 0

function rolloutSource(source: ReadSource, now: number): Promise<RolloutSource> {
  latest = now
  const cache = kept.get(source.db) ?? createCache<RolloutSource>({ now: () => latest }, rolloutKeptMs)
  kept.set(source.db, cache)
  return cache.get('city', () => readRollout(dbOf(source), now))
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

export async function* discovered(source: ReadSource, scope: Scope): AsyncGenerator<DiscoveredRow[], void> {
  const rows = (await listDiscovered(dbOf(source), scope)).map(withoutDevice)
  for (let at = 0; at < rows.length; at += part) yield rows.slice(at, at + part)
}

/** Of the same list what stands under some endpoints, by lookups. */
export async function* discoveredUnder(
  source: ReadSource,
  { scope, endpoints }: { scope: Scope; endpoints: readonly string[] },
): AsyncGenerator<DiscoveredRow[], void> {
  for (const some of slicesOf(endpoints, part)) yield (await matchFound(dbOf(source), scope, some)).map(withoutDevice)
}

const withoutDevice = ({ device: _, ...row }: Discovered): DiscoveredRow => row
