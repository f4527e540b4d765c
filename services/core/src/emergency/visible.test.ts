import { describe, expect, test } from 'vitest'
import { bySight, isOfUse, sight, sightingOf, viewOf } from './visible.ts'

const place = { longitude: 112.6, latitude: 26.9 }
/** So many metres from the place; the camera lies in that direction of it. */
const camera = (metres: number, degrees: number) => ({
  longitude:
    place.longitude + (metres * Math.sin((degrees * Math.PI) / 180)) / (111_195 * Math.cos((26.9 * Math.PI) / 180)),
  latitude: place.latitude + (metres * Math.cos((degrees * Math.PI) / 180)) / 111_195,
})

describe('the view of a camera', () => {
  test.each([
    ['1', 90],
    ['2', 180],
    ['3', 270],
    ['4', 0],
    ['5', 135],
    ['6', 45],
    ['7', 225],
    ['8', 315],
  ] as const)('direction %s of the record is %d°', (directionType, heading) => {
    expect(viewOf({ ptzType: '3', directionType }).heading).toBe(heading)
  })
  test('what the record does not say is as usual for the type, and said to be assumed', () => {
    expect(viewOf({ ptzType: '3', directionType: '1' })).toMatchObject({
      field: 60,
      range: 80,
      turns: false,
      assumed: ['field', 'range'],
    })
    expect(viewOf({ ptzType: '1', horizontalFieldAngle: 42, maxViewDistance: 300 })).toEqual({
      heading: null,
      field: 42,
      range: 300,
      turns: true,
      assumed: [],
    })
  })
})

describe('a camera that', () => {
  const fixed = { heading: 45, field: 60, range: 80, turns: false, assumed: [] }
  test.each([
    ['looks at it covers it', fixed, 50, 45, 'covers'],
    ['has it on the edge of its field covers it', fixed, 50, 75, 'covers'],
    ['has it beside its field looks away', fixed, 50, 75.01, 'looks-away'],
    ['looks north has what lies west of north in its field', { ...fixed, heading: 0 }, 50, 335, 'covers'],
    ['is beyond its range sees nothing', fixed, 80.1, 45, 'too-far'],
    ['turns can turn', { ...fixed, turns: true }, 50, 200, 'can-turn'],
    ['looks nobody knows where is of an unknown direction', { ...fixed, heading: null }, 50, 45, 'direction-unknown'],
    ['looks all round covers it', { ...fixed, heading: null, field: 360 }, 50, 200, 'covers'],
    ['stands at the place itself may see it: no direction says anything there', fixed, 0, 200, 'direction-unknown'],
  ] as const)('%s', (_, view, metres, bearing, expected) => {
    expect(sightingOf({ ...view, assumed: [] }, metres, bearing)).toBe(expected)
  })

  test('stands south-west of the place and looks north-east covers it, by distance and bearing on the ground', () => {
    const seen = sight(camera(60, 225), viewOf({ ptzType: '3', directionType: '6' }), place)
    expect(seen.sighting).toBe('covers')
    expect(seen.metres).toBeCloseTo(60, 0)
    expect(seen.bearing).toBeCloseTo(45, 0)
  })

  test('can see comes before one that is nearer and cannot', () => {
    const of = (device: string, sighting: 'covers' | 'can-turn' | 'looks-away', metres: number) => ({
      device,
      sighting,
      metres,
    })
    const all = [of('a', 'looks-away', 5), of('b', 'can-turn', 80), of('c', 'covers', 70), of('d', 'covers', 20)]
    expect(all.sort(bySight).map(({ device }) => device)).toEqual(['d', 'c', 'b', 'a'])
  })

  test('is not online is of no use', () => {
    expect([isOfUse({ sighting: 'covers', state: 'down' }), isOfUse({ sighting: 'can-turn', state: 'up' })]).toEqual([
      false,
      true,
    ])
  })
})
