import { describe, expect, test } from 'vitest'
import { freshness, staleAfterMs } from './freshness.ts'
import { applyDelta, applySnapshot, emptyTable, isNews, mergeFeed } from './table.ts'

const a = '43040500001320000001'
const b = '43040500001320000002'
const snapshot = { seq: 10, asOf: 1_000, ids: [a, b], states: ['up', 'down'] as const, since: [null, 900] }
const fresh = () => {
  const table = emptyTable()
  applySnapshot(table, { ...snapshot, states: [...snapshot.states] })
  return table
}

describe('the live table', () => {
  test('a snapshot is everything: what it leaves out is gone', () => {
    const table = fresh()
    expect(table.states.get(b)).toEqual({ state: 'down', since: 900 })
    applySnapshot(table, { seq: 11, asOf: 1_100, ids: [a], states: ['unknown'], since: [1_050] })
    expect([...table.states]).toEqual([[a, { state: 'unknown', since: 1_050 }]])
  })

  test('a delta changes what it names and nothing else', () => {
    const table = fresh()
    expect(applyDelta(table, { seq: 11, asOf: 1_200, changes: [[a, 'down', 1_150]] })).toBe(true)
    expect(table).toMatchObject({ seq: 11, asOf: 1_200 })
    expect(table.states.get(a)).toEqual({ state: 'down', since: 1_150 })
    expect(table.states.get(b)).toEqual({ state: 'down', since: 900 })
  })

  test('a delta that a resync has overtaken changes nothing', () => {
    const table = fresh()
    expect(applyDelta(table, { seq: 10, asOf: 800, changes: [[b, 'up', 700]] })).toBe(false)
    expect(table).toMatchObject({ seq: 10, asOf: 1_000 })
    expect(table.states.get(b)?.state).toBe('down')
  })
})

describe('the feed', () => {
  const change = (device: string, at: number) => ({ device, at, to: 'down' as const })
  test('is newest first, without doubles, and no longer than asked', () => {
    const merged = mergeFeed([change(a, 3), change(b, 1)], [change(a, 3), change(b, 2), change(a, 0)], 3)
    expect(merged).toEqual([change(a, 3), change(b, 2), change(b, 1)])
  })
  test('has problems and recoveries, not what became unknown', () => {
    expect(isNews({ from: 'unknown', to: 'down' })).toBe(true)
    expect(isNews({ from: 'down', to: 'up' })).toBe(true)
    expect(isNews({ from: 'unknown', to: 'up' })).toBe(false)
    expect(isNews({ from: 'up', to: 'unknown' })).toBe(false)
  })
})

describe('freshness', () => {
  test('is live while anything is heard, and stale after two heartbeats of silence', () => {
    expect(freshness(1_000, 0, null)).toEqual({ kind: 'connecting' })
    expect(freshness(5_000, 0, 3_000)).toEqual({ kind: 'live', agoMs: 2_000 })
    expect(freshness(3_000 + staleAfterMs, 0, 3_000).kind).toBe('live')
    expect(freshness(3_001 + staleAfterMs, 0, 3_000)).toEqual({ kind: 'stale', since: 3_000 })
  })
  test('a stream that never spoke is stale since it was opened', () =>
    expect(freshness(staleAfterMs + 501, 500, null)).toEqual({ kind: 'stale', since: 500 }))
})
