/** Time that is in no rollup, for all devices at once: cut days, the running day, days that are not rolled up yet. */
import type { DatabaseSync } from 'node:sqlite'
import type { Span } from '@hub/core'
import { dayMs, dayNumber, startOfDay } from './calendar.ts'
import { listCovered } from './covered.ts'
import { arrays, dueIn, type Tenure } from './device-time.ts'
import { bucketAt, dueCondition, groupingOf, keyOf, passes, type Question } from './question.ts'

/** Adds the time of a span that lies in one bucket. @param rolledUntil days that end by then are rolled up */
export function addLive(question: Question, span: Span, rolledUntil: number): void {
  const day = dayNumber(span.from)
  const isCut = span.to <= startOfDay(day + 1) && startOfDay(day + 1) <= rolledUntil
  const partial = isCut ? partialOn(question.sqlite, day) : undefined
  if (partial && partial.length <= partialAtMost) addCutDay(question, span, partial)
  else {
    addEvidence(question, span)
    addClaims(question, span)
  }
}

/** With more devices than this it is cheaper to read the intervals of all at once. */
const partialAtMost = 5_000

/** Devices that were not up all of a rolled day, as far as the rollup goes, and those of which it does not hold. */
function partialOn(sqlite: DatabaseSync, day: number): string[] {
  const ids = arrays(
    sqlite,
    `SELECT device FROM uptime_day WHERE day = ${day} AND day > 0 AND up_ms <> ${dayMs} UNION
     SELECT device FROM uptime_blank WHERE first <= ${day} AND last > ${day} UNION SELECT device FROM uptime_dirty
     WHERE consumer = 'days' AND from_at < ${startOfDay(day + 1)} AND to_at > ${startOfDay(day)} LIMIT ${partialAtMost + 1}`,
  ).all() as unknown as [string][]
  return ids.map(([id]) => id)
}

/** A part of a rolled day: whoever was up all day was up in it, and nearly all are on nearly all days. The rest is read one by one. */
function addCutDay(question: Question, span: Span, partial: readonly string[]): void {
  const { accounts, by, buckets, tally } = question
  const bucket = bucketAt(buckets, span.from)
  for (const { key, due } of dueRows(question, span)) tally.add(bucket, key, due, 0, 0, 0)
  for (const id of partial)
    for (const tenure of accounts.tenures(id)) {
      if (!passes(question, id, tenure.values)) continue
      const [totals] = accounts.totals(tenure, [span])
      if (!totals) continue
      const { down, unknown, exempt } = totals
      // Its due time has been added as up: what was not is taken back.
      tally.add(bucket, keyOf(by, id, tenure.values), -down - unknown - exempt, down, unknown, exempt)
    }
}

/** Adds the time of many spans, one device after another: where each span would cost a scan of its own. */
export function addLiveEach(question: Question, spans: readonly Span[]): void {
  const { sqlite, accounts } = question
  const { sql, parameters } = dueCondition(question, { from: spans[0]!.from, to: spans.at(-1)!.to })
  const ids = arrays(sqlite, `SELECT id FROM registry_tenure WHERE ${sql}`).all(...parameters) as unknown as [string][]
  for (const id of new Set(ids.map(([id]) => id)))
    for (const tenure of accounts.tenures(id))
      if (passes(question, id, tenure.values)) addTenure(question, tenure, spans)
}

/** Adds the time of one tenure, from its intervals. Each span lies in one bucket. */
export function addTenure({ accounts, by, buckets, tally }: Question, tenure: Tenure, spans: readonly Span[]): void {
  const key = keyOf(by, tenure.id, tenure.values)
  for (const [i, totals] of accounts.totals(tenure, spans).entries())
    if (totals) tally.add(bucketAt(buckets, spans[i]!.from), key, totals.up, totals.down, totals.unknown, totals.exempt)
}

/** Devices due in a span, and their due time, by group. */
export function dueRows(question: Question, span: Span): { key: string[]; devices: number; due: number }[] {
  const { columns, pick } = groupingOf(question.by)
  const { sql, parameters } = dueCondition(question, span)
  const time = `${end(span)} - max(in_service_from, ${span.from})`
  const rows = question.by.includes('device')
    ? `SELECT ${columns.join()}, 1, ${time} FROM registry_tenure WHERE ${sql}`
    : `SELECT ${[...columns, 'count(*)'].join()}, coalesce(sum(${time}), 0) FROM registry_tenure WHERE ${sql} ${groupBy(columns)}`
  const groups = new Map<string, { key: string[]; devices: number; due: number }>()
  for (const row of arrays(question.sqlite, rows).all(...parameters) as unknown as (string | number)[][]) {
    const key = pick(row)
    const [devices, due] = row.slice(columns.length) as [number, number]
    const name = key.join('\u0000')
    const there = groups.get(name)
    if (there) {
      there.devices += devices
      there.due += due
    } else groups.set(name, { key, devices, due })
  }
  countOnce(question, span, groups)
  return [...groups.values()]
}

/** A device that has several tenures of one group in the span is one device. */
function countOnce(question: Question, span: Span, groups: ReadonlyMap<string, { devices: number }>): void {
  const { accounts, by } = question
  for (const id of accounts.changedIn(span)) {
    const seen = new Set<string>()
    for (const tenure of accounts.tenures(id)) {
      const { from, to } = dueIn(tenure, span)
      if (from >= to || !passes(question, id, tenure.values)) continue
      const name = keyOf(by, id, tenure.values).join('\u0000')
      if (seen.has(name)) groups.get(name)!.devices--
      seen.add(name)
    }
  }
}

const end = ({ to }: Span) => `min(coalesce(in_service_to, ${to}), ${to})`
const groupBy = (columns: readonly string[]) => (columns.length > 0 ? `GROUP BY ${columns.join()}` : '')

/** As the intervals have it; what no interval covers is unknown. */
function addEvidence(question: Question, span: Span): void {
  const { sqlite, buckets, tally } = question
  const bucket = bucketAt(buckets, span.from)
  for (const { key, due } of dueRows(question, span)) tally.add(bucket, key, 0, 0, due, 0)
  const { columns, pick } = groupingOf(question.by)
  const { sql, parameters } = dueCondition(question, span)
  const time = `max(0, min(coalesce(to_at, ${span.to}), ${end(span)}) - max(from_at, in_service_from, ${span.from}))`
  const rows = arrays(
    sqlite,
    `SELECT ${[...columns, ''].join()} coalesce(sum(CASE WHEN state = 'down' THEN 0 ELSE ${time} END), 0),
       coalesce(sum(CASE WHEN state = 'down' THEN ${time} ELSE 0 END), 0)
     FROM registry_tenure AS device CROSS JOIN ingest_interval AS spell ON spell.device = device.id AND from_at < ${span.to} AND from_at >= coalesce(
       (SELECT max(earlier.from_at) FROM ingest_interval AS earlier WHERE earlier.device = device.id AND earlier.from_at <= ${span.from}), 0)
     WHERE ${sql} AND state IN ('up', 'degraded', 'down') ${groupBy(columns)}`,
  ).all(...parameters) as unknown as (string | number)[][]
  for (const row of rows) {
    const [up, down] = row.slice(columns.length) as [number, number]
    tally.add(bucket, pick(row), up, down, -up - down, 0)
  }
}

/** What adjustments change in it. */
function addClaims(question: Question, span: Span): void {
  const { sqlite, index, accounts, by, buckets, tally } = question
  const claimed = new Set(index.touching(span).flatMap((adjustment) => listCovered(sqlite, adjustment, 'city')))
  const bucket = bucketAt(buckets, span.from)
  for (const id of claimed)
    for (const tenure of accounts.tenures(id)) {
      if (!passes(question, id, tenure.values)) continue
      const change = accounts.adjusted(tenure, span)
      if (change) tally.add(bucket, keyOf(by, id, tenure.values), change.up, change.down, change.unknown, change.exempt)
    }
}
