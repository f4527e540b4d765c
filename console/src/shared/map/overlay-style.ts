/** The layers of an overlay, bottom to top, in the colours of the theme. */
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl'
import { font, type MapColours } from './style.ts'

export const overlaySource = 'overlay'
const is = (kind: string): ExpressionSpecification => ['==', ['get', 'kind'], kind]
const both = (a: ExpressionSpecification, b: ExpressionSpecification): ExpressionSpecification => ['all', a, b]

/** A camera that shows nothing now is drawn in grey, one that is chosen strongly. */
const sectorColour = (c: MapColours): ExpressionSpecification => ['case', ['get', 'blind'], c.muted, c.accent]
const chosenElse = (chosen: number, other: number): ExpressionSpecification => [
  'case',
  ['get', 'chosen'],
  chosen,
  other,
]

export function overlayLayers(c: MapColours): LayerSpecification[] {
  const source = overlaySource
  const sectorLine = (id: string, assumed: boolean): LayerSpecification => ({
    id,
    type: 'line',
    source,
    filter: both(is('sector'), ['==', ['get', 'assumed'], assumed]),
    paint: {
      'line-color': sectorColour(c),
      'line-width': chosenElse(2, 1),
      ...(assumed && { 'line-dasharray': [3, 3] }),
    },
  })
  return [
    {
      id: 'overlay-area',
      type: 'fill',
      source,
      filter: is('area'),
      paint: { 'fill-color': c.accent, 'fill-opacity': 0.08 },
    },
    {
      id: 'overlay-edge',
      type: 'line',
      source,
      filter: ['any', is('area'), is('edge')],
      paint: { 'line-color': c.accent, 'line-width': 1.5 },
    },
    {
      id: 'overlay-sector',
      type: 'fill',
      source,
      filter: is('sector'),
      paint: { 'fill-color': sectorColour(c), 'fill-opacity': chosenElse(0.25, 0.1) },
    },
    sectorLine('overlay-sector-line', false),
    sectorLine('overlay-sector-assumed', true),
    {
      id: 'overlay-corner',
      type: 'circle',
      source,
      filter: is('corner'),
      paint: { 'circle-radius': 4, 'circle-color': c.accent },
    },
    {
      id: 'overlay-mark',
      type: 'circle',
      source,
      filter: is('mark'),
      paint: {
        'circle-radius': 9,
        'circle-color': c.surface,
        'circle-stroke-color': c.text,
        'circle-stroke-width': 1.2,
      },
    },
    {
      id: 'overlay-sign',
      type: 'symbol',
      source,
      filter: is('mark'),
      layout: { 'text-field': ['get', 'sign'], 'text-font': font, 'text-size': 11, 'text-allow-overlap': true },
      paint: { 'text-color': c.text },
    },
    {
      id: 'overlay-place',
      type: 'circle',
      source,
      filter: is('place'),
      paint: {
        'circle-radius': ['case', ['get', 'main'], 9, 6],
        'circle-color': c.down,
        'circle-stroke-color': c.surface,
        'circle-stroke-width': 3,
      },
    },
  ]
}
