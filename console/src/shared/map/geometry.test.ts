import { expect, test } from 'vitest'
import { boundsAround, circleRing, insideRing, metresBetween, type Position, sectorRing, towards } from './geometry.ts'

const square = { longitude: 112.6, latitude: 26.9 }
const at = ([longitude, latitude]: Position) => ({ longitude, latitude })

test.each([0, 45, 90, 200, 359])('a place 500 m away in direction %i is 500 m away', (bearing) =>
  expect(metresBetween(square, at(towards(square, bearing, 500)))).toBeCloseTo(500, 0),
)

test('what a camera sees is a sector around its heading, as far as its range', () => {
  const ring = sectorRing(square, { heading: 45, field: 60, range: 100 })
  expect(ring[0]).toEqual(ring.at(-1))
  const sees = (bearing: number, metres: number) => insideRing(ring, at(towards(square, bearing, metres)))
  expect([sees(45, 90), sees(20, 90), sees(70, 90)]).toEqual([true, true, true])
  expect([sees(45, 110), sees(10, 90), sees(80, 90), sees(225, 10)]).toEqual([false, false, false, false])
})

test('a sector over north, and a camera that looks all round', () => {
  const over = sectorRing(square, { heading: 350, field: 60, range: 100 })
  expect(insideRing(over, at(towards(square, 10, 50)))).toBe(true)
  expect(insideRing(over, at(towards(square, 30, 50)))).toBe(false)
  expect(sectorRing(square, { heading: null, field: 60, range: 100 })).toEqual(circleRing(square, 100))
})

test('a polygon that is drawn is closed by itself, and its notch is outside', () => {
  const notched: Position[] = [
    [0, 0],
    [4, 0],
    [4, 4],
    [2, 1],
    [0, 4],
  ]
  expect(insideRing(notched, { longitude: 1, latitude: 1 })).toBe(true)
  expect(insideRing(notched, { longitude: 2, latitude: 3 })).toBe(false)
})

test('the bounds of a circle touch it', () => {
  const [west, south, east, north] = boundsAround(square, 1_000)
  expect(metresBetween(square, { ...square, longitude: east })).toBeCloseTo(1_000, 0)
  expect(metresBetween(square, { ...square, latitude: south })).toBeCloseTo(1_000, 0)
  expect(west < square.longitude && square.latitude < north).toBe(true)
})
