import { districts } from '@hub/contracts'
import { describe, expect, it, test } from 'vitest'
import { boundsOf } from '../common/geo/districts.ts'
import { districtAt, metresBetween } from './place.ts'

const point = ([longitude, latitude]: readonly [number, number]) => ({ longitude, latitude })

describe('the district of a place', () => {
  it.each(districts)('$en has its own centre', ({ code, centre }) => {
    expect(districtAt(point(centre))).toBe(code)
  })

  it('is one of the city everywhere within, at the very borders too', () => {
    const [west, south, east, north] = boundsOf('430406')
    for (let n = 0; n <= 400; n++) {
      const at = {
        longitude: west + ((east - west) * n) / 400,
        latitude: south + ((north - south) * ((n * 7) % 401)) / 400,
      }
      expect(districtAt(at)).toBeDefined()
    }
  })

  it('is the nearest a little outside the city, and none far away', () => {
    expect(districtAt({ longitude: 111.45, latitude: 26.65 })).toBe('430426')
    expect(districtAt({ longitude: 113.3, latitude: 27.2 })).toBe('430424')
    expect(districtAt({ longitude: 112.98, latitude: 28.19 })).toBeUndefined()
    // Latitude and longitude swapped.
    expect(districtAt({ longitude: 26.89, latitude: 112.62 })).toBeUndefined()
  })
})

test.each([
  [[112.6, 26.9], [112.6, 26.9], 0],
  [[112.6, 26.9], [112.6, 26.91], 1_112],
  [[112.6, 26.9], [112.61, 26.9], 992],
  [[0, 0], [180, 0], 20_015_115],
] as const)('from %o to %o it is %i m', (a, b, metres) => {
  expect(Math.abs(metresBetween(point(a), point(b)) - metres)).toBeLessThanOrEqual(1)
})
