/** Holds the intervals that the API tells against the oracle over what the gateways said. */
import type { DeviceIntervals } from '@hub/contracts'
import { expect } from 'vitest'
import type { City } from './city.ts'
import { committed, looksByDevice } from './evidence.ts'
import { expectedIntervals, type PlainInterval } from './oracle.ts'

export async function intervalsOf(city: City, device: string): Promise<PlainInterval[]> {
  const { intervals } = await city.hub.get<DeviceIntervals>(`/devices/${device}/intervals`)
  return intervals.map(({ from, to, state }) => ({ from, to, state }))
}

/** Every device, to the millisecond. All is calm: whatever is looked at meanwhile changes no state. */
export async function expectIntervalsEqualOracle(city: City): Promise<void> {
  const devices = await city.devices()
  const told = new Map<string, PlainInterval[]>()
  for (const { id } of devices) told.set(id, await intervalsOf(city, id))
  const looks = looksByDevice(committed(city.data))
  const expected = new Map(devices.map(({ id }) => [id, expectedIntervals(looks.get(id) ?? [])]))
  expect(told).toEqual(expected)
}
