/** Holds the intervals that the API tells against the oracle over what the gateways said. */
import type { DeviceIntervals } from '@hub/contracts'
import { expect, vi } from 'vitest'
import type { City } from './city.ts'
import { committed, looksByDevice } from './evidence.ts'
import { expectedIntervals, type PlainInterval } from './oracle.ts'

export async function intervalsOf(city: City, device: string): Promise<PlainInterval[]> {
  const { intervals } = await city.hub.get<DeviceIntervals>(`/devices/${device}/intervals`)
  return intervals.map(({ from, to, state }) => ({ from, to, state }))
}

/** Late looks gather for five seconds before they are woven into the past; on a busy machine their turn comes later still. */
const wovenWithinMs = 30_000

/** Every device, to the millisecond. All is calm: whatever is looked at meanwhile changes no state. */
export async function expectIntervalsEqualOracle(city: City): Promise<void> {
  const devices = await city.devices()
  const compare = async () => {
    const told = new Map<string, PlainInterval[]>()
    for (const { id } of devices) told.set(id, await intervalsOf(city, id))
    const looks = looksByDevice(committed(city.data))
    expect(told).toEqual(new Map(devices.map(({ id }) => [id, expectedIntervals(looks.get(id) ?? [])])))
  }
  await vi.waitFor(compare, { timeout: wovenWithinMs, interval: 500 })
}
