import { expect, test } from 'vitest'
import { manualClock } from '../clock.ts'
import { createActLog } from '../faults/acts.ts'
import { createActuator } from './actuator.ts'

const device = '43040500001340000001'
const key = '3f2504e0-4f89-81d3-9a0c-0305e82c3301'

test('a siren does what it is asked once for each key, and answers each time as it did', () => {
  const clock = manualClock(1_000)
  const acts = createActLog(clock.now)
  const siren = createActuator(device, clock, acts.acted)
  const ask = (more: object = {}) =>
    JSON.parse(
      siren.take(Buffer.from(JSON.stringify({ v: 1, key, command: 'sound', args: {}, deadline: 5_000, ...more })))!,
    )
  expect(ask()).toEqual({ v: 1, key, ok: true, at: 1_000 })
  clock.moveTo(2_000)
  expect(ask()).toEqual({ v: 1, key, ok: true, at: 1_000 })
  const other = '3f2504e0-4f89-81d3-9a0c-0305e82c3302'
  expect(ask({ key: other, command: 'explode' })).toMatchObject({ ok: false, error: 'knows no explode' })
  expect(ask({ key: other, deadline: 1_999 })).toMatchObject({ ok: false, error: 'too late' })
  expect(siren.take(Buffer.from('{'))).toBeUndefined()
  expect(acts.all()).toEqual([{ device, what: 'sound', key, at: 1_000 }])
})
