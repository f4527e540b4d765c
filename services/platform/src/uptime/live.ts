/** Time that is in no rollup, for all devices at once: cut days, the running day, days that are not rolled up yet. */
import type { DatabaseSync } from 'node:sqlite'
import type { Span } from '@hub/core'
import { arrays } from './account-device.ts'
import { dayMs, dayNumber, startOfDay } from './calendar.ts'
import { listCovered } from './covered.ts'
import { deviceColumns } from './narrowing.ts'
import { bucketAt, dueCondition, groupingOf, keyOf, passes, type Question } from './question.ts'

/** Adds the time of a span that lies in one bucket. @param rolledUntil days that end by then are rolled up */
export function addLive(question: Question, span: Span, rolledUntil: number): void {
  const day = dayNumber(span.from)
  const isCut = span.to <= startOfDay(day + 1) && startOfDay(day + 1) <= rolledUntil
  const marred = isCut ? marredOn(question.sqlite, day) : undefined
  if (marred && marred.length <= marredAtMost) addCutDay(question, span, marred)
  else {
    addEvidence(question, span)
    addClaims(question, span)
  }
}

/** With more devices than this it is cheaper to read the intervals of all at once. */
const marredAtMost = 5_000

/** Devices that were not up all of a rolled day, as far as the rollup goes, and those of which it does not hold. */
function marredOn(sqlite: DatabaseSync, day: number): string[] {
  const ids = arrays(
    sqlite,
    `SELECT device FROM uptime_day WHERE day = ${day} AND day > 0 AND up_ms <> ${dayMs} UNION SELECT device FROM uptime_dirty
     WHERE consumer = 'days' AND from_at < ${startOfDay(day + 1)} AND to_at > ${startOfDay(day)} LIMIT ${marredAtMost + 1}`,
  ).all() as unknown as [string][]
  return ids.map(([id]) => id)
}

/** A part of a rolled day: whoever was up all day was up in it, and nearly all are on nearly all days. The rest is read one by one. */
function addCutDay(question: Question, span: Span, marred: readonly string[]): void {
  const { accounts, by, buckets, tally } = question
  const bucket = bucketAt(buckets, span.from)
  for (const { key, due } of dueRows(question, span)) tally.add(bucket, key, due, 0, 0, 0)
  for (const id of marred) {
    const device = accounts.find(id)
    if (!device || !passes(question, id, device.values)) continue
    const [totals] = accounts.totals(device, [span])
    if (!totals) continue
    const { down, unknown, exempt } = totals
    // Its due time has been added as up: what was not is taken back.
    tally.add(bucket, keyOf(by, id, device.values), -down - unknown - exempt, down, unknown, exempt)
  }
}

/** Adds the time of many spans, one device after another: where each span would cost a scan of its own. */
export function addLiveEach(question: Question, spans: readonly Span[]): void {
  const { sqlite, accounts, by, buckets, tally } = question
  const { sql, parameters } = dueCondition(question, { from: spans[0]!.from, to: spans.at(-1)!.to })
  const ids = arrays(sqlite, `SELECT id FROM device WHERE ${sql}`).all(...parameters) as unknown as [string][]
  for (const [id] of ids) {
    const device = accounts.find(id)!
    const key = keyOf(by, id, device.values)
    for (const [i, totals] of accounts.totals(device, spans).entries())
      if (totals)
        tally.add(bucketAt(buckets, spans[i]!.from), key, totals.up, totals.down, totals.unknown, totals.exempt)
  }
}

/** Devices due in a span, and their due time, by group. */
export function dueRows(question: Question, span: Span): { key: string[]; devices: number; due: number }[] {
  const { columns, pick } = groupingOf(question.by, deviceColumns)
  const { sql, parameters } = dueCondition(question, span)
  const time = `${end(span)} - max(in_service_from, ${span.from})`
  const rows = question.by.includes('device')
    ? `SELECT ${columns.join()}, 1, ${time} FROM device WHERE ${sql}`
    : `SELECT ${[...columns, 'count(*)'].join()}, coalesce(sum(${time}), 0) FROM device WHERE ${sql} ${groupBy(columns)}`
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
  return [...groups.values()]
}

const end = ({ to }: Span) => `min(coalesce(in_service_to, ${to}), ${to})`
const groupBy = (columns: readonly string[]) => (columns.length > 0 ? `GROUP BY ${columns.join()}` : '')

/** As the intervals have it; what no interval covers is unknown. */
function addEvidence(question: Question, span: Span): void {
  const { sqlite, buckets, tally } = question
  const bucket = bucketAt(buckets, span.from)
  for (const { key, due } of dueRows(question, span)) tally.add(bucket, key, 0, 0, due, 0)
  const { columns, pick } = groupingOf(question.by, deviceColumns)
  const { sql, parameters } = dueCondition(question, span)
  const time = `max(0, min(coalesce(to_at, ${span.to}), ${end(span)}) - max(from_at, in_service_from, ${span.from}))`
  const rows = arrays(
    sqlite,
    `SELECT ${[...columns, ''].join()} coalesce(sum(CASE WHEN state = 'down' THEN 0 ELSE ${time} END), 0),
       coalesce(sum(CASE WHEN state = 'down' THEN ${time} ELSE 0 END), 0)
     FROM device CROSS JOIN interval ON interval.device = device.id AND from_at < ${span.to} AND from_at >= coalesce(
       (SELECT max(earlier.from_at) FROM interval AS earlier WHERE earlier.device = device.id AND earlier.from_at <= ${span.from}), 0)
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
  for (const id of claimed) {
    const device = accounts.find(id)
    if (!device || !passes(question, id, device.values)) continue
    const change = accounts.adjusted(device, span)
    if (change) tally.add(bucket, keyOf(by, id, device.values), change.up, change.down, change.unknown, change.exempt)
  }
}
