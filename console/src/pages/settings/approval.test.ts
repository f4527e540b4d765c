import type { DiscoveredRow } from '@hub/contracts'
import { expect, test } from 'vitest'
import { bulkOf, shownAs } from './approval.ts'

const row = (endpoint: string, more: Partial<DiscoveredRow> = {}): DiscoveredRow => ({
  endpoint,
  address: '10.0.0.1',
  xaddrs: [],
  quarantine: 'new',
  seenAt: 0,
  gateway: '43040500002000000001',
  status: 'waiting',
  firstSeenAt: 0,
  matches: '43040500001320000001',
  ...more,
})

test('only new devices that a record waits for are approved together', () => {
  const rows = [
    row('plain'),
    row('not chosen'),
    row('suspicious', { quarantine: 'xaddr-host-differs' }),
    row('no record', { matches: null }),
    row('done', { status: 'approved' }),
  ]
  const chosen = new Set(['plain', 'suspicious', 'no record', 'done'])
  expect(bulkOf(rows, chosen)).toEqual([{ endpoint: 'plain' }])
})

test('an approved device that has moved waits again, and may be approved with others', () => {
  const moved = row('moved', { status: 'approved', moved: true })
  expect([shownAs(moved), shownAs(row('done', { status: 'approved' }))]).toEqual(['waiting', 'approved'])
  expect(bulkOf([moved], new Set(['moved']))).toEqual([{ endpoint: 'moved' }])
})
