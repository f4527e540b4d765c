/** What a rule would have done over the last days of what is stored: device by device and day by day, so that nobody waits for it. */
import type { RehearsalResult, RuleDraft, Scope } from '@hub/contracts'
import { inScope } from '@hub/contracts'
import { concerns, dayMs, dayOf, dayStart, evaluate, freshMemory, rehearsed } from '@hub/core'
import { createPacer, type Deps, keptFrom, tablesOf } from '@hub/platform'
import { sql } from 'kysely'
import type { EmergencyConfig } from '../config.ts'
import { createNearby } from '../nearby/index.ts'
import type { Placed } from '../nearby/inventory.ts'
import type { LinkageDb } from './db.ts'
import { triggerOf } from './start-run.ts'
import { ofDevice, ofIncidentRow, ofOutage, type Said } from './stimuli.ts'

type Parts = Pick<Deps<EmergencyConfig>, 'bus' | 'clock' | 'config' | 'history' | 'log' | 'record'>
type Span = { from: number; to: number }
/** Values of one device in one day: one every two seconds. */
const mostOfDay = 43_200
const shownRuns = 200

/** @param gone whoever asked does not wait any more */
export async function rehearse(
  deps: Parts,
  scope: Scope,
  draft: RuleDraft,
  days: number,
  gone: AbortSignal,
): Promise<RehearsalResult> {
  const { clock, config, record } = deps
  const to = clock.now()
  const { db } = tablesOf<LinkageDb>(record)
  const kept =
    draft.when.kind === 'measure'
      ? keptFrom(config.history.keep, 'telemetry', to)
      : draft.when.kind === 'event'
        ? await oldestEvent(db, to)
        : 0
  const from = to - days * dayMs
  const firings: Said[] = []
  const memories = new Map<string, typeof freshMemory>()
  for await (const said of storedOf(deps, scope, draft, { from: Math.max(from, kept), to })) {
    if (gone.aborted) break
    const { state, fired } = evaluate(draft, memories.get(said.subject) ?? freshMemory, said, said.at, 0)
    memories.set(said.subject, state)
    if (fired) firings.push(said)
  }
  firings.sort((a, b) => a.at - b.at)
  const { runs, held, incidents, joined, perDay } = rehearsed(draft, firings)
  const fired = new Map(perDay.map((day) => [day.day, day.fired]))
  const all: RehearsalResult['perDay'] = []
  for (let at = dayStart(from); at <= to; at += dayMs) all.push({ day: dayOf(at), fired: fired.get(dayOf(at)) ?? 0 })
  return {
    from,
    to,
    keptFrom: Math.max(0, Number.isFinite(kept) ? kept : 0),
    fired: runs.length,
    incidents,
    joined,
    held,
    perDay: all,
    runs: runs
      .slice(-shownRuns)
      .reverse()
      .map((said) => ({ at: said.at, trigger: triggerOf(said) })),
  }
}

/** Of each subject in the order of time. */
async function* storedOf(deps: Parts, scope: Scope, draft: RuleDraft, span: Span): AsyncGenerator<Said> {
  const nearby = createNearby(deps)
  await nearby.refresh()
  const { db } = tablesOf<LinkageDb>(deps.record)
  const { when } = draft
  if (when.kind === 'measure') {
    for (const device of nearby.inventory.devices()) {
      const probe = ofDevice(device, span.from, { kind: 'measure', measure: when.measure, value: 0 }, device.id)
      if (inScope(scope, device.district) && concerns(draft, probe)) yield* measuredBy(deps, device, when.measure, span)
    }
    return
  }
  const pace = createPacer()
  if (when.kind === 'event')
    for (let at = span.from; at < span.to; at += dayMs) {
      const rows = await db
        .selectFrom('ingest_event')
        .select(['device', 'at', 'kind'])
        .where('kind', 'in', when.topics)
        .where('to_value', '=', 'active')
        .where('at', '>=', at)
        .where('at', '<', Math.min(at + dayMs, span.to))
        .orderBy('at')
        .execute()
      for (const row of rows) {
        const device = nearby.inventory.device(row.device)
        if (device && inScope(scope, device.district))
          yield ofDevice(device, row.at, { kind: 'event', topic: row.kind, active: true }, row.device)
        await pace()
      }
    }
  if (when.kind === 'outage')
    for (const said of await outagesOf(db, span))
      if (said.districts.some((district) => inScope(scope, district))) yield said
  if (when.kind === 'incident')
    for (const said of await incidentsOf(db, span)) if (inScope(scope, said.districts[0]!)) yield said
}

async function* measuredBy({ history }: Parts, device: Placed, measure: string, span: Span): AsyncGenerator<Said> {
  const pace = createPacer()
  for (let at = span.from; at < span.to; at += dayMs) {
    const part = { from: at, to: Math.min(at + dayMs, span.to), limit: mostOfDay }
    for (const point of await history.telemetry({ device: device.id, measure, ...part }))
      yield ofDevice(device, point.at, { kind: 'measure', measure, value: point.value }, device.id)
    await pace()
  }
}

type Db = ReturnType<typeof tablesOf<LinkageDb>>['db']

async function oldestEvent(db: Db, now: number): Promise<number> {
  const { at } = await db
    .selectFrom('ingest_event')
    .select(sql<number | null>`min(at)`.as('at'))
    .executeTakeFirstOrThrow()
  return at ?? now
}

/** With the members that they had in the end. */
async function outagesOf(db: Db, { from, to }: Span): Promise<Said[]> {
  const rows = await db
    .selectFrom('outages_outage')
    .select(['id', 'from_at', 'districts', 'members'])
    .where('merged_into', 'is', null)
    .where('from_at', '>=', from)
    .where('from_at', '<', to)
    .orderBy('from_at')
    .execute()
  return rows.map(({ id, from_at, districts, members }) => ofOutage(id, from_at, JSON.parse(districts), members, null))
}

/** With the level that they have now. Drills set nothing off. */
async function incidentsOf(db: Db, { from, to }: Span): Promise<Said[]> {
  const rows = await db
    .selectFrom('incident')
    .selectAll()
    .where('drill', '=', 0)
    .where('accepted_at', '>=', from)
    .where('accepted_at', '<', to)
    .orderBy('accepted_at')
    .execute()
  return rows.map((row): Said => ofIncidentRow(row, row.accepted_at))
}
