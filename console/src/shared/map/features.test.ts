import type { DeviceState } from '@hub/contracts'
import { expect, test } from 'vitest'
import { changeOf, deviceOfKey, type Placed } from './features.ts'

const devices = Array.from(
  { length: 100 },
  (_, n) =>
    ({ id: `43040500001320000${String(n).padStart(3, '0')}`, longitude: 112 + n / 100, latitude: 27 }) as Placed,
)
const all = (state: DeviceState) => () => state

test('the first drawing sets everything', () => {
  const drawn = new Map()
  const change = changeOf(drawn, devices, all('up'))
  expect(change.kind === 'all' && change.features.length).toBe(100)
  expect(drawn.size).toBe(100)
})

test('the same again changes nothing', () => {
  const drawn = new Map()
  changeOf(drawn, devices, all('up'))
  expect(changeOf(drawn, devices, all('up'))).toEqual({ kind: 'none' })
})

test('a few changes are a diff of just those', () => {
  const drawn = new Map()
  changeOf(drawn, devices.slice(0, 99), all('up'))
  const change = changeOf(drawn, devices.slice(1), (d) => (d.id === devices[5]!.id ? 'down' : 'up'))
  if (change.kind !== 'some') throw new Error(change.kind)
  expect(change.add.map((f) => deviceOfKey(f.properties.key))).toEqual([devices[99]?.id])
  expect(change.remove.map(deviceOfKey)).toEqual([devices[0]?.id])
  expect(change.update).toMatchObject([{ properties: { state: 'down', problem: 1, order: 3 } }])
  expect(drawn.size).toBe(99)
})

test('more than a tenth changed: all anew', () => {
  const drawn = new Map()
  changeOf(drawn, devices, all('up'))
  expect(changeOf(drawn, devices, (d) => (d.id < devices[11]!.id ? 'down' : 'up')).kind).toBe('all')
})

test('problems are drawn above health', () => {
  const order = (state: DeviceState) => {
    const change = changeOf(new Map(), devices.slice(0, 1), all(state))
    return change.kind === 'some' ? change.add[0]!.properties.order : Number.NaN
  }
  expect([order('up'), order('unknown'), order('degraded'), order('down')]).toEqual([0, 1, 2, 3])
})
