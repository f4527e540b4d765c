import { districtCodes, districts } from '@hub/contracts'
import { describe, expect, test } from 'vitest'
import { boundsOf, type DistrictShape, districtShapes, insideDistrict, type Position } from './districts.ts'

type Point = Position
const ringOf = (shape: DistrictShape) => shape.geometry.coordinates[0]
const byCode = (code: string) => districtShapes.find((shape) => shape.properties.code === code)!

const holdersOf = ([x, y]: readonly [number, number]) => districtCodes.filter((code) => insideDistrict(code, x, y))

const side = (a: Point, b: Point, c: Point) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
const crosses = (a: Point, b: Point, c: Point, d: Point) =>
  side(a, b, c) * side(a, b, d) < -1e-18 && side(c, d, a) * side(c, d, b) < -1e-18
const segments = (ring: Point[]) => ring.slice(1).map((end, n) => [ring[n]!, end] as const)
const area = (ring: Point[]) =>
  Math.abs(segments(ring).reduce((sum, [a, b]) => sum + (a[0] * b[1] - b[0] * a[1]), 0)) / 2

describe('schematic districts', () => {
  test('there are all twelve, once each', () => {
    expect(districtShapes.map((shape) => shape.properties.code)).toEqual([...districtCodes])
  })

  test.each(districtCodes)('%s is a closed ring that does not cross itself', (code) => {
    const ring = ringOf(byCode(code))
    expect(ring.at(-1)).toEqual(ring[0])
    expect(new Set(ring.slice(1).map(String)).size).toBe(ring.length - 1)
    const parts = segments(ring)
    for (const [n, [a, b]] of parts.entries())
      for (const [c, d] of parts.slice(n + 1)) expect(crosses(a, b, c, d), `${a} ${b} and ${c} ${d}`).toBe(false)
  })

  test.each(districts)('$zh contains its centre and no other does', ({ code, centre }) => {
    expect(holdersOf(centre)).toEqual([code])
  })

  test('no two overlap: no border crosses another, and no point of the city lies in two', () => {
    const all = districtShapes.flatMap((shape) => segments(ringOf(shape)).map((s) => ({ s, shape })))
    for (const [n, one] of all.entries())
      for (const other of all.slice(n + 1))
        if (one.shape !== other.shape) expect(crosses(...one.s, ...other.s), String([one.s, other.s])).toBe(false)
    const [west, south, east, north] = boundsOf(null)
    for (let x = west; x < east; x += 0.0137)
      for (let y = south; y < north; y += 0.0131) expect(holdersOf([x, y]).length).toBeLessThanOrEqual(1)
  })

  test('no gap: the areas add up to that of the outline', () => {
    const count = new Map<string, number>()
    const key = (a: Position, b: Position) => [String(a), String(b)].sort().join(' ')
    for (const shape of districtShapes)
      for (const [a, b] of segments(ringOf(shape))) count.set(key(a, b), (count.get(key(a, b)) ?? 0) + 1)
    // A border between two districts is in both rings; the outline is in one.
    expect(new Set(count.values())).toEqual(new Set([1, 2]))
    const next = new Map<string, Point>()
    for (const shape of districtShapes)
      for (const [a, b] of segments(ringOf(shape))) {
        if (count.get(key(a, b)) !== 1) continue
        next.set(String(a), b)
      }
    const start = ringOf(byCode('430421'))[0]!
    const outline: Point[] = [start]
    for (let at = next.get(String(start))!; String(at) !== String(start); at = next.get(String(at))!) outline.push(at)
    outline.push(start)
    expect(outline.length - 1).toBe(next.size)
    const sum = districtShapes.reduce((total, shape) => total + area(ringOf(shape)), 0)
    expect(sum).toBeCloseTo(area(outline), 9)
  })

  test('no point outside the city lies in one, nor does the unset position', () => {
    for (const point of [
      [0, 0],
      [113.5, 26.9],
      [112.6, 27.6],
      [111.4, 26.8],
      [112.6, 25.9],
    ] as const)
      expect(holdersOf(point)).toEqual([])
  })

  test('bounds of the city hold those of every district', () => {
    const [west, south, east, north] = boundsOf(null)
    for (const code of districtCodes) {
      const [w, s, e, n] = boundsOf(code)
      expect(w >= west && s >= south && e <= east && n <= north).toBe(true)
    }
  })
})
