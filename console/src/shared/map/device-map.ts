/**
 * A thin hand on MapLibre: it knows sources and layers, not pages. State goes in by `draw…`, what the user does comes out by
 * `events`. Devices are drawn by diffs; MapLibre clusters them in its worker.
 */
import { type DeviceId, type DeviceState, type DistrictCode, districts } from '@hub/contracts'
import { boundsOf, type RateTone } from '@hub/core'
import { type GeoJSONSource, Map as MapLibre, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'
import type { Language } from '../../i18n/translate.ts'
import type { Camera } from './camera.ts'
import { coloursOf } from './colours.ts'
import { changeOf, deviceOfKey, type Placed, type Point } from './features.ts'
import { iconsOf } from './icons.ts'
import { type Overlay, overlayFeatures } from './overlay.ts'
import { overlayLayers, overlaySource } from './overlay-style.ts'
import { clusterMaxZoom, emptyCollection, namesOf, styleOf } from './style.ts'

setWorkerUrl(workerUrl)

export type MapEvents = {
  onDevice(id: DeviceId): void
  onDistrict(code: DistrictCode): void
  /** After every movement: where the map stands, and what it shows (west, south, east, north). */
  onMove(camera: Camera, bounds: [number, number, number, number]): void
  /** A click anywhere; true: it was meant, and nothing under it is opened. */
  onPoint?(longitude: number, latitude: number): boolean
}

/** Where it begins: at a camera, or else with a district, or the city, in full view. */
export type MapPlace = { district: DistrictCode | null; camera: Camera | null }

type PaintName = Parameters<MapLibre['setPaintProperty']>[1]

const padding = 32

/** Labels are drawn by the browser: the subsets that hold these names must be there before the map asks for them. */
async function loadLabelFont(): Promise<void> {
  const text = `${districts.map(({ zh, en }) => zh + en).join('')}0123456789k.`
  await Promise.all(['400', '600'].map((weight) => document.fonts.load(`${weight} 24px "Noto Sans SC"`, text)))
}

/** Null when the page was left meanwhile: an element that is in no document has no colours. Rejects when the browser has no WebGL. */
export async function createDeviceMap(
  element: HTMLElement,
  options: MapPlace & { language: Language },
  events: MapEvents,
  left: AbortSignal,
) {
  await loadLabelFont()
  if (left.aborted) return null
  const colours = coloursOf(element)
  const start = options.camera
    ? { center: [options.camera.longitude, options.camera.latitude] as [number, number], zoom: options.camera.zoom }
    : { bounds: boundsOf(options.district), fitBoundsOptions: { padding } }
  const map = new MapLibre({
    container: element,
    style: styleOf(colours.style, options.language),
    ...start,
    minZoom: 6.5,
    maxZoom: 18,
    maxPitch: 0,
    dragRotate: false,
    pitchWithRotate: false,
    attributionControl: false,
    localIdeographFontFamily: '"Noto Sans SC", sans-serif',
    fadeDuration: 0,
  })
  map.touchZoomRotate.disableRotation()
  await new Promise<void>((resolve, reject) => {
    map.once('load', () => resolve())
    map.once('error', ({ error }) => reject(error))
    left.addEventListener('abort', () => resolve())
  })
  if (left.aborted) {
    map.remove()
    return null
  }
  for (const [name, image] of iconsOf(colours.icons)) map.addImage(name, image, { pixelRatio: 2 })

  const drawn = new Map<DeviceId, DeviceState>()
  const source = (name: string) => map.getSource(name) as GeoJSONSource
  const moved = () => {
    const { lng, lat } = map.getCenter()
    const bounds = map.getBounds()
    events.onMove({ longitude: lng, latitude: lat, zoom: map.getZoom() }, [
      bounds.getWest(),
      bounds.getSouth(),
      bounds.getEast(),
      bounds.getNorth(),
    ])
  }
  map.on('moveend', moved)
  map.on('click', async (event) => {
    if (events.onPoint?.(event.lngLat.lng, event.lngLat.lat)) return
    const [hit] = map.queryRenderedFeatures(event.point, {
      layers: ['problems', 'health', 'clusters', 'district-fill'],
    })
    if (!hit) return
    if (hit.layer.id === 'district-fill') events.onDistrict(hit.properties.code as DistrictCode)
    else if (hit.layer.id !== 'clusters') events.onDevice(deviceOfKey(hit.properties.key as string))
    else {
      const zoom = await source('devices').getClusterExpansionZoom(hit.properties.cluster_id as number)
      map.easeTo({ center: event.lngLat, zoom: Math.min(zoom, clusterMaxZoom + 1) })
    }
  })
  for (const layer of ['problems', 'health', 'clusters']) {
    map.on('mouseenter', layer, () => {
      map.getCanvas().classList.add('pointing')
    })
    map.on('mouseleave', layer, () => {
      map.getCanvas().classList.remove('pointing')
    })
  }
  moved()

  return {
    drawDevices<P extends Point>(devices: readonly P[], stateOf: (device: P) => DeviceState): void {
      const change = changeOf(drawn, devices, stateOf)
      if (change.kind === 'all')
        void source('devices').setData({ type: 'FeatureCollection', features: change.features })
      else if (change.kind === 'some')
        void source('devices').updateData({
          add: change.add,
          remove: change.remove,
          update: change.update.map(({ properties }) => ({
            id: properties.key,
            addOrUpdateProperties: Object.entries(properties).map(([key, value]) => ({ key, value })),
          })),
        })
    },
    drawRates(tones: ReadonlyMap<DistrictCode, RateTone | null>): void {
      for (const [code, tone] of tones)
        map.setFeatureState({ source: 'districts', id: Number(code) }, { tone: tone ?? 'none' })
    },
    drawChosen(device: Placed | null, district: DistrictCode | null): void {
      const point = device && { type: 'Point' as const, coordinates: [device.longitude, device.latitude] }
      void source('chosen').setData(point ?? emptyCollection)
      for (const { code } of districts)
        map.setFeatureState({ source: 'districts', id: Number(code) }, { chosen: code === district })
    },
    /** What an incident adds. Its source and layers are made when they are first needed. */
    drawOverlay(overlay: Overlay): void {
      const data = overlayFeatures(overlay)
      if (map.getSource(overlaySource)) {
        void source(overlaySource).setData(data)
        return
      }
      map.addSource(overlaySource, { type: 'geojson', data })
      for (const layer of overlayLayers(coloursOf(element).style)) map.addLayer(layer)
    },
    showDistricts(visible: boolean, opacity: number): void {
      map.setLayoutProperty('district-fill', 'visibility', visible ? 'visible' : 'none')
      map.setPaintProperty('district-fill', 'fill-opacity', opacity)
    },
    setLanguage: (language: Language): void => void source('names').setData(namesOf(language)),
    /** Colours of the theme that is in force now. */
    repaint(): void {
      const now = coloursOf(element)
      const { layers } = styleOf(now.style, options.language)
      for (const layer of map.getSource(overlaySource) ? [...layers, ...overlayLayers(now.style)] : layers)
        for (const [name, value] of Object.entries(layer.paint ?? {}))
          if (name.endsWith('color')) map.setPaintProperty(layer.id, name as PaintName, value)
      for (const [name, image] of iconsOf(now.icons)) map.updateImage(name, image)
    },
    fit: (district: DistrictCode | null): void => void map.fitBounds(boundsOf(district), { padding, animate: false }),
    /** West, south, east, north. */
    fitTo: (bounds: [number, number, number, number]): void =>
      void map.fitBounds(bounds, { padding, maxZoom: 15, animate: false }),
    moveTo: ({ longitude, latitude, zoom }: Camera): void => void map.jumpTo({ center: [longitude, latitude], zoom }),
    zoomBy: (step: number): void => void map.zoomTo(map.getZoom() + step, { duration: 150 }),
    destroy: (): void => map.remove(),
  }
}

export type DeviceMap = NonNullable<Awaited<ReturnType<typeof createDeviceMap>>>
