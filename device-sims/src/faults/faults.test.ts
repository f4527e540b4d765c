import { describe, expect, it } from 'vitest'
import { manualClock } from '../clock.ts'
import { generateFleet } from '../fleet/generate.ts'
import type { FaultOrder } from './fault.ts'
import { createFaults } from './faults.ts'
import { readClearance, readOrder } from './order.ts'
import { createTruthLog } from './truth.ts'

const start = 1_800_000_000_000
function rig() {
  const { cameras, sensors } = generateFleet({ seed: 3, cameras: 60, sensors: 24 })
  const devices = [...cameras, ...sensors]
  const clock = manualClock(start)
  const truth = createTruthLog()
  const acts: string[] = []
  const faults = createFaults(devices, clock, truth, {
    begin: (d, fault, value) => acts.push(`${d.id} ${fault} ${value ?? '-'}`),
    end: (d, fault) => acts.push(`${d.id} ${fault} over`),
  })
  return { devices, clock, truth, acts, faults }
}

describe('faults', () => {
  it('meet exactly the devices that match every key', () => {
    const { devices, faults } = rig()
    const count = (match: FaultOrder['match']) => faults.begin({ match, fault: 'frozen' })
    const expected = devices.filter(
      (d) => d.district === '430405' && d.carrier === 'telecom' && d.kind === 'camera',
    ).length
    expect(expected).toBeGreaterThan(0)
    expect(count({ district: '430405', carrier: 'telecom', kind: 'camera' })).toBe(expected)
    expect(count({ pole: devices[0]!.pole })).toBe(devices.filter((d) => d.pole === devices[0]!.pole).length)
    expect(count({ id: devices[5]!.id })).toBe(1)
    expect(count({ id: 'nobody' })).toBe(0)
    expect(count({})).toBe(devices.length)
  })
  it('end by themselves, and the log says when to the millisecond', () => {
    const { devices, clock, truth, acts, faults } = rig()
    const id = devices[0]!.id
    faults.begin({ match: { id }, fault: 'power-off', forMs: 5_000 })
    clock.moveTo(start + 4_999)
    expect(acts).toEqual([`${id} power-off -`])
    clock.moveTo(start + 60_000)
    expect(acts).toEqual([`${id} power-off -`, `${id} power-off over`])
    expect(truth.text()).toBe(
      `{"at":${start},"device":"${id}","what":"power-off","phase":"began"}\n{"at":${start + 5_000},"device":"${id}","what":"power-off","phase":"ended"}\n`,
    )
  })
  it('go on when ordered again, until the new end', () => {
    const { devices, clock, acts, faults } = rig()
    const match = { id: devices[0]!.id }
    faults.begin({ match, fault: 'power-off', forMs: 5_000 })
    clock.moveTo(start + 4_000)
    faults.begin({ match, fault: 'power-off', forMs: 5_000 })
    clock.moveTo(start + 8_999)
    expect(acts).toHaveLength(1)
    clock.moveTo(start + 9_000)
    expect(acts).toHaveLength(2)
  })
  it('begin anew with another value', () => {
    const { devices, acts, faults } = rig()
    const id = devices[0]!.id
    faults.begin({ match: { id }, fault: 'clock', value: 60 })
    faults.begin({ match: { id }, fault: 'clock', value: 90 })
    expect(acts).toEqual([`${id} clock 60`, `${id} clock over`, `${id} clock 90`])
  })
  it('are lifted by match, one kind or all', () => {
    const { devices, faults } = rig()
    const match = { id: devices[0]!.id }
    for (const fault of ['slow', 'frozen', 'clock'] as const) faults.begin({ match, fault })
    expect(faults.end(match, 'slow')).toBe(1)
    expect(faults.active().map((f) => f.fault)).toEqual(['frozen', 'clock'])
    expect(faults.end({ district: devices[0]!.district })).toBe(2)
    expect(faults.active()).toEqual([])
  })
  it('lifted early, do not end twice', () => {
    const { devices, clock, acts, faults } = rig()
    const match = { id: devices[0]!.id }
    faults.begin({ match, fault: 'frozen', forMs: 1_000 })
    faults.end(match)
    faults.begin({ match, fault: 'frozen' })
    clock.moveTo(start + 2_000)
    expect(acts.map((a) => a.split(' ').slice(1).join(' '))).toEqual(['frozen -', 'frozen over', 'frozen -'])
  })
})

describe('orders from outside', () => {
  it('are read as they are', () => {
    expect(readOrder({ match: { carrier: 'mobile' }, fault: 'slow', forMs: 10, value: 'drip' })).toEqual({
      match: { carrier: 'mobile' },
      fault: 'slow',
      forMs: 10,
      value: 'drip',
    })
    expect(readClearance({ match: {} })).toEqual({ match: {} })
  })
  it.each([
    [[], 'body is []: must be an object'],
    [
      { match: {}, fault: 'fire' },
      'fault is fire: must be one of power-off, network-cut, clock, password, slow, frozen, babbling, malformed',
    ],
    [{ fault: 'slow' }, 'match is missing: must be an object'],
    [{ match: { color: 'red' }, fault: 'slow' }, 'match.color is red: unknown key'],
    [{ match: { id: 5 }, fault: 'slow' }, 'match.id is 5: must be text'],
    [{ match: {}, fault: 'slow', forMs: 0 }, 'forMs is 0: must be a whole number of milliseconds above 0'],
    [{ match: {}, fault: 'babbling', value: 0 }, 'value is 0: must be how many times as often, from 1 to 1000'],
    [{ match: {}, fault: 'slow', value: -1 }, 'value is -1: must be milliseconds from 0 to 3600000, or drip'],
    [{ match: {}, fault: 'frozen', value: 1 }, 'value is 1: takes no value'],
    [{ match: {}, fault: 'clock', value: 'late' }, 'value is late: must be seconds, at most 4e9 either way'],
    [{ match: {}, fault: 'slow', extra: 1 }, 'extra is present: unknown key'],
  ])('%j is refused', (input, message) => {
    expect(() => readOrder(input)).toThrow(expect.objectContaining({ message }))
  })
})
