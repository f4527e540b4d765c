import { expect, test } from 'vitest'
import { hourMs } from '../common/time/units.ts'
import { lockOf } from './lock.ts'

const end = Date.parse('2026-11-01T00:00+08:00')
const rule = { graceMs: 72 * hourMs, provenance: '合同' }
const gateway = (drainedAt: number | null) => ({ gateway: '43040500002000000001', name: '城区网关', drainedAt })

test.each([
  ['emptied its spool as the month ended', end, 0],
  ['had it empty just before: an observation may have come after', end - 1, 1],
  ['never said that it was empty', null, 1],
])('a gateway that %s', (_, drainedAt, unaccounted) => {
  const lock = lockOf('2026-10', [gateway(drainedAt)], rule)
  expect(lock.notBefore).toBe(end + 72 * hourMs)
  expect(lock.unaccounted).toHaveLength(unaccounted)
})
