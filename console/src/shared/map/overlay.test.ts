import { expect, test } from 'vitest'
import type { Position } from './geometry.ts'
import { emptyOverlay, overlayFeatures } from './overlay.ts'

const place = { longitude: 112.6, latitude: 26.9 }
const view = { heading: 90, field: 60, range: 80, turns: false, assumed: [] }
const kinds = (overlay: Parameters<typeof overlayFeatures>[0]) =>
  overlayFeatures(overlay).features.map(({ properties, geometry }) => `${properties.kind} ${geometry.type}`)

test('a field of view that is assumed, or of a camera that shows nothing, is told apart', () => {
  const sector = { ...place, view, chosen: true, state: 'up' as const }
  const { features } = overlayFeatures({
    ...emptyOverlay,
    sectors: [sector, { ...sector, view: { ...view, assumed: ['field'] }, state: 'down' }],
  })
  expect(features.map(({ properties }) => properties)).toEqual([
    { kind: 'sector', assumed: false, chosen: true, blind: false },
    { kind: 'sector', assumed: true, chosen: true, blind: true },
  ])
})

test('a polygon is an edge at two corners and an area from three on; its corners show while it is drawn', () => {
  const corners: Position[] = [
    [112.6, 26.9],
    [112.7, 26.9],
    [112.7, 27],
  ]
  const drawn = (count: number, open: boolean) =>
    kinds({ ...emptyOverlay, ring: { corners: corners.slice(0, count), open } })
  expect(drawn(2, true)).toEqual(['corner Point', 'corner Point', 'edge LineString'])
  expect(drawn(3, false)).toEqual(['area Polygon'])
  expect(drawn(0, true)).toEqual([])
})
