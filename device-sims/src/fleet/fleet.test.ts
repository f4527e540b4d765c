import { coordinateColumn, DeviceRecord, districtOf, districts, recordFieldNames, recordFields } from '@hub/contracts'
import { describe, expect, it } from 'vitest'
import { districtAddress } from './address.ts'
import { generateFleet } from './generate.ts'
import { places } from './places.ts'
import { deviceRecord, recordCsv } from './record.ts'

const make = (seed: number) => generateFleet({ seed, cameras: 600, sensors: 120 })
const fleet = make(7)
const all = [...fleet.cameras, ...fleet.sensors]

describe('a seeded fleet', () => {
  it('is the same bytes for the same seed, and others for another', () => {
    expect(JSON.stringify(make(7))).toBe(JSON.stringify(fleet))
    expect(recordCsv(make(7))).toBe(recordCsv(fleet))
    expect(JSON.stringify(make(8))).not.toBe(JSON.stringify(fleet))
  })
  it('has as many devices as asked, each with its own code, address and endpoint', () => {
    expect([fleet.cameras.length, fleet.sensors.length]).toEqual([600, 120])
    expect(new Set(all.map((d) => d.id)).size).toBe(720)
    expect(new Set(fleet.cameras.map((c) => c.ipAddress)).size).toBe(600)
    expect(new Set(fleet.cameras.map((c) => c.endpoint)).size).toBe(600)
  })
  it.each([1, 12, 13, 100])('divides %i cameras without a rest', (cameras) => {
    expect(generateFleet({ seed: 1, cameras, sensors: 0 }).cameras).toHaveLength(cameras)
  })
  it.each(districts)('has devices in $zh, registered there and standing in its box', ({ code }) => {
    const own = all.filter((d) => d.district === code)
    const [west, south, east, north] = places[code].box
    expect(own.filter((d) => d.kind === 'camera').length).toBeGreaterThan(10)
    expect(own.filter((d) => d.kind === 'sensor').length).toBeGreaterThan(2)
    for (const d of own) {
      expect(districtOf(d.id)).toBe(code)
      expect(d.longitude).toBeGreaterThan(west)
      expect(d.longitude).toBeLessThan(east)
      expect(d.latitude).toBeGreaterThan(south)
      expect(d.latitude).toBeLessThan(north)
    }
  })
  it('gives one to four cameras to a pole, which share carrier, switch and power', () => {
    const poles = Map.groupBy(fleet.cameras, (c) => c.pole)
    const sizes = new Set([...poles.values()].map((cameras) => cameras.length))
    expect([...sizes].sort()).toEqual([1, 2, 3, 4])
    for (const cameras of poles.values())
      for (const key of ['carrier', 'switch', 'power', 'district'] as const)
        expect(new Set(cameras.map((c) => c[key])).size).toBe(1)
    expect(new Set(fleet.cameras.map((c) => c.carrier)).size).toBe(4)
  })
  it('codes cameras as type 132 and sensors as type 134', () => {
    expect(fleet.cameras.every((c) => c.id.slice(10, 13) === '132')).toBe(true)
    expect(fleet.sensors.every((s) => s.id.slice(10, 13) === '134')).toBe(true)
  })
  it('covers the five applications with sensors', () => {
    expect(new Set(fleet.sensors.map((s) => s.application)).size).toBe(5)
  })
  it('numbers addresses across blocks', () => {
    expect(districtAddress('430405', 1)).toBe('127.11.0.1')
    expect(districtAddress('430405', 254)).toBe('127.11.0.254')
    expect(districtAddress('430405', 255)).toBe('127.11.1.1')
    expect(districtAddress('430482', 3)).toBe('127.22.0.3')
  })
  it('lives in another net when told, and is otherwise the same', () => {
    const elsewhere = generateFleet({ seed: 7, cameras: 600, sensors: 120, net: 70 })
    expect(elsewhere.cameras[0]!.ipAddress).toBe('127.71.0.1')
    const moved = elsewhere.cameras.map((c, n) => ({ ...c, ipAddress: fleet.cameras[n]!.ipAddress }))
    expect(moved).toEqual(fleet.cameras)
  })
})

describe('the camera record', () => {
  it('is valid for every device', () => {
    for (const device of all) expect(DeviceRecord.safeParse(deviceRecord(device)).error).toBeUndefined()
  })
  it('has the header of the contract and a line for each device', () => {
    const lines = recordCsv(fleet).trimEnd().split('\r\n')
    expect(lines[0]).toBe([...recordFieldNames.map((name) => recordFields[name].csv), coordinateColumn].join(','))
    expect(lines).toHaveLength(721)
    expect(lines[1]!.split(',')).toHaveLength(recordFieldNames.length + 1)
  })
})
