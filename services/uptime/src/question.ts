/** What one answer works on: the selection made concrete. */
import type { DatabaseSync } from 'node:sqlite'
import type { UptimeGroup } from '@hub/contracts'
import type { Span } from '@hub/core'
import type { Exemptions } from '@hub/platform'
import type { DeviceAccounts } from './device-time.ts'
import { attributes, columnOf, type Narrowing, type Values } from './narrowing.ts'
import type { Tally } from './tally.ts'

export type Question = {
  sqlite: DatabaseSync
  index: Exemptions
  accounts: DeviceAccounts
  narrowing: Narrowing
  by: readonly UptimeGroup[]
  /** Only these devices. */
  devices: ReadonlySet<string> | undefined
  /** Ascending and side by side. */
  buckets: readonly Span[]
  /** How they are cut; null: there is one, and it may be longer than a month. */
  step: 'hour' | 'day' | 'month' | null
  tally: Tally
}

/** Index of the bucket that an instant lies in. */
export function bucketAt(buckets: readonly Span[], at: number): number {
  let low = 0
  let high = buckets.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (buckets[middle]!.to > at) high = middle
    else low = middle + 1
  }
  return low
}

/** The part of each bucket that lies in `[from, to)`. */
export const spansBetween = (buckets: readonly Span[], from: number, to: number): Span[] =>
  buckets
    .slice(bucketAt(buckets, from), bucketAt(buckets, to - 1) + 1)
    .map((bucket) => ({ from: Math.max(from, bucket.from), to: Math.min(to, bucket.to) }))

/** The group of a tenure. */
export const keyOf = (by: readonly UptimeGroup[], id: string, values: Values): string[] =>
  by.map((group) => (group === 'device' ? id : values[attributes.indexOf(group)]!))

/** What a statement groups by, and the group that is asked for in a row that begins with these columns. */
export type Grouping = { columns: readonly string[]; pick(row: readonly (string | number)[]): string[] }

/** In the tables' own order of attributes rows come grouped; beyond so many attributes sorting them is cheaper. */
const inOrderAtMost = 4

/** Groups may come more than once, when attributes that are not asked for lie between. */
export function groupingOf(by: readonly UptimeGroup[]): Grouping {
  const asked = by.map((group) => (attributes as readonly string[]).indexOf(group))
  const length = Math.max(0, ...asked.map((i) => i + 1))
  if (by.includes('device') || length > inOrderAtMost)
    return {
      columns: by.map((group) => (group === 'device' ? 'id' : columnOf[group])),
      pick: (row) => row.slice(0, by.length) as string[],
    }
  return {
    columns: attributes.slice(0, length).map((attribute) => columnOf[attribute]),
    pick: (row) => asked.map((i) => row[i] as string),
  }
}

/** Narrowed tenures that were due at some time of the span. */
export function dueCondition(
  { narrowing, devices }: Question,
  { from, to }: Span,
): { sql: string; parameters: string[] } {
  const named = devices ? `id IN (SELECT value FROM json_each(?)) AND ` : ''
  return {
    sql: `${named}${narrowing.sql} AND in_service_from < ${to} AND (in_service_to IS NULL OR in_service_to > ${from})`,
    parameters: [...(devices ? [JSON.stringify([...devices])] : []), ...narrowing.parameters],
  }
}

export const passes = ({ narrowing, devices }: Question, id: string, values: Values): boolean =>
  narrowing.passes(values) && (devices?.has(id) ?? true)
