import type { AssignedDevice } from '@hub/contracts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { emptyDigest, toggled } from './assignment-digest.ts'

const camera = (n: number, more: object = {}): AssignedDevice => ({
  kind: 'camera',
  id: `43040500001320${String(n).padStart(6, '0')}`,
  xaddr: `http://127.11.0.${n % 250}:8000/onvif/device_service`,
  endpoint: `urn:uuid:${n}`,
  credential: 'main',
  every: 30_000,
  ...more,
})
const of = (devices: readonly AssignedDevice[]) => devices.reduce(toggled, emptyDigest)

it('is that of the set: the order of devices and of their fields does not matter', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(5_000), { maxLength: 50 }), fc.nat(), (numbers, turn) => {
      const list = numbers.map((n) => camera(n))
      const other = [...list.slice(turn % (list.length + 1)), ...list.slice(0, turn % (list.length + 1))]
      const reversed = other.map((device) => Object.fromEntries(Object.entries(device).reverse()) as AssignedDevice)
      expect(of(reversed)).toBe(of(list))
      expect(of([...list, ...other])).toBe(emptyDigest)
    }),
  )
})

it('tells lists apart that differ in one field of one device', () => {
  const list = Array.from({ length: 100 }, (_, n) => camera(n))
  const { endpoint: _, ...plain } = camera(7) as AssignedDevice & { endpoint: string }
  const changed = [
    camera(7, { every: 30_001 }),
    camera(7, { credential: 'maim' }),
    camera(7, { xaddr: 'http://127.11.0.8:8000/onvif/device_service' }),
    { ...plain, endpoint: undefined } as unknown as AssignedDevice,
  ]
  const digests = changed.map((device) => of([...list.slice(0, 7), device, ...list.slice(8)]))
  expect(new Set([of(list), ...digests]).size).toBe(5)
  expect(of([plain])).toBe(of([changed[3]!]))
})

it('spreads: no two of 20,000 devices share a hash', () => {
  const hashes = Array.from({ length: 20_000 }, (_, n) => toggled(emptyDigest, camera(n)))
  expect(new Set(hashes).size).toBe(20_000)
  for (const half of [0, 8]) expect(new Set(hashes.map((h) => h.slice(half, half + 8))).size).toBeGreaterThan(19_980)
})
