/** The map's layers, bottom to top: district fill, border and name, health, clusters, problems, the chosen device. */
import { districts } from '@hub/contracts'
import { districtShapes } from '@hub/core'
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'
import type { Language } from '../../i18n/translate.ts'
import { ringSteps } from './icons.ts'

export type MapColours = Record<
  'ground' | 'text' | 'muted' | 'surface' | 'mapLine' | 'good' | 'near' | 'poor' | 'none' | 'up' | 'down' | 'accent',
  string
>

export const clusterMaxZoom = 11
export const font = ['Noto Sans SC']

const districtFill = (c: MapColours): ExpressionSpecification => [
  'match',
  ['coalesce', ['feature-state', 'tone'], 'none'],
  'quiet',
  c.good,
  'amber',
  c.near,
  'red',
  c.poor,
  c.none,
]

const problems: ExpressionSpecification = ['/', ['get', 'problems'], ['get', 'point_count']]
const ringImage: ExpressionSpecification = ['concat', 'ring-', ['to-string', ['ceil', ['*', problems, ringSteps]]]]

function layers(c: MapColours): LayerSpecification[] {
  return [
    { id: 'ground', type: 'background', paint: { 'background-color': c.ground } },
    {
      id: 'district-fill',
      type: 'fill',
      source: 'districts',
      paint: { 'fill-color': districtFill(c), 'fill-opacity': 0.9 },
    },
    {
      id: 'district-line',
      type: 'line',
      source: 'districts',
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': ['case', ['boolean', ['feature-state', 'chosen'], false], c.accent, c.mapLine],
        'line-width': ['case', ['boolean', ['feature-state', 'chosen'], false], 2, 0.8],
      },
    },
    {
      id: 'district-name',
      type: 'symbol',
      source: 'names',
      maxzoom: 13,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': font,
        'text-size': ['interpolate', ['linear'], ['zoom'], 8, ['get', 'small'], 10, 13],
        // Beside what is drawn there, never over it.
        'text-variable-anchor': [
          'center',
          'top',
          'bottom',
          'left',
          'right',
          'top-left',
          'top-right',
          'bottom-left',
          'bottom-right',
        ],
        'text-radial-offset': 2,
        'text-padding': 0,
        'symbol-sort-key': ['get', 'rank'],
      },
      paint: { 'text-color': c.text, 'text-halo-color': c.surface, 'text-halo-width': 1.4 },
    },
    {
      id: 'health',
      type: 'circle',
      source: 'devices',
      filter: ['all', ['!', ['has', 'point_count']], ['==', ['get', 'state'], 'up']],
      paint: {
        'circle-color': c.up,
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 8, 2.5, 12, 4, 15, 6],
        'circle-stroke-color': c.surface,
        'circle-stroke-width': 1,
      },
    },
    {
      id: 'clusters',
      type: 'symbol',
      source: 'devices',
      filter: ['has', 'point_count'],
      layout: {
        'icon-image': ringImage,
        'icon-size': ['interpolate', ['linear'], ['get', 'point_count'], 2, 0.72, 50, 0.9, 500, 1.15, 5000, 1.5],
        'icon-allow-overlap': true,
        'text-field': ['get', 'point_count_abbreviated'],
        'text-font': font,
        'text-size': 11,
        'text-allow-overlap': true,
        'symbol-sort-key': problems,
      },
      paint: { 'text-color': c.text },
    },
    {
      id: 'problems',
      type: 'symbol',
      source: 'devices',
      filter: ['all', ['!', ['has', 'point_count']], ['!=', ['get', 'state'], 'up']],
      layout: {
        'icon-image': ['concat', 'state-', ['get', 'state']],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 8, 0.75, 14, 1.1],
        'icon-allow-overlap': true,
        'symbol-sort-key': ['get', 'order'],
      },
    },
    {
      id: 'chosen',
      type: 'circle',
      source: 'chosen',
      paint: { 'circle-radius': 13, 'circle-opacity': 0, 'circle-stroke-color': c.accent, 'circle-stroke-width': 2.5 },
    },
  ]
}

/** The four inner districts are small and their centres lie within three kilometres: their names step aside first. */
const inner = new Set<string>(['430405', '430406', '430407', '430408'])
/** Where the name of a small district stands, so that the four do not sit on one another. */
const nameAt: Partial<Record<string, [number, number]>> = {
  '430405': [112.675, 26.88],
  '430406': [112.6, 26.825],
  '430407': [112.595, 26.97],
  '430408': [112.54, 26.88],
  '430412': [112.68, 27.26],
  '430422': [112.9, 26.755],
  '430423': [112.83, 27.32],
  '430424': [113.06, 27.1],
}

export const namesOf = (language: Language) => ({
  type: 'FeatureCollection' as const,
  features: districts.map((district) => ({
    type: 'Feature' as const,
    properties: {
      name: district[language],
      rank: inner.has(district.code) ? 1 : 0,
      small: inner.has(district.code) ? 11 : 13,
    },
    geometry: { type: 'Point' as const, coordinates: nameAt[district.code] ?? [...district.centre] },
  })),
})

export const emptyCollection = { type: 'FeatureCollection' as const, features: [] }

export const styleOf = (colours: MapColours, language: Language): StyleSpecification => ({
  version: 8,
  sources: {
    districts: { type: 'geojson', data: { type: 'FeatureCollection', features: [...districtShapes] } },
    names: { type: 'geojson', data: namesOf(language) },
    chosen: { type: 'geojson', data: emptyCollection },
    devices: {
      type: 'geojson',
      data: emptyCollection,
      promoteId: 'key',
      cluster: true,
      clusterMaxZoom,
      clusterRadius: 40,
      clusterProperties: { problems: ['+', ['get', 'problem']] },
    },
  },
  layers: layers(colours),
})
