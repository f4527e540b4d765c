/** Whether a camera can see a place, from its record, or as usual for its type where the record is silent. */
import type { CameraView, DeviceRecord, GeoPoint, NearbyCamera, Sighting } from '@hub/contracts'
import { bearingTo } from './geometry.ts'
import { metresBetween } from './place.ts'

export type ViewRecord = Pick<DeviceRecord, 'ptzType' | 'directionType' | 'horizontalFieldAngle' | 'maxViewDistance'>

/** GB/T 28181-2022 annex A, DirectionType: where it is mounted to look, degrees from north. */
const headings: Record<string, number> = { '1': 90, '2': 180, '3': 270, '4': 0, '5': 135, '6': 45, '7': 225, '8': 315 }

/** By PTZType of the same annex. Fields and ranges are ours: what such cameras usually show of use; the record should say better. */
const usual: Record<string, Pick<CameraView, 'field' | 'range' | 'turns'>> = {
  // 球机, 半球, 固定枪机, 遥控枪机, 遥控半球, 多目设备的全景/拼接通道, 多目设备的分割通道
  '1': { field: 60, range: 200, turns: true },
  '2': { field: 90, range: 30, turns: false },
  '3': { field: 60, range: 80, turns: false },
  '4': { field: 60, range: 150, turns: true },
  '5': { field: 80, range: 50, turns: true },
  '6': { field: 180, range: 80, turns: false },
  '7': { field: 60, range: 80, turns: false },
}
const unknownType = usual['3']!

/** What of the view the record says, and what is assumed. */
export function viewOf(record: ViewRecord): CameraView {
  const { field, range, turns } = usual[record.ptzType ?? ''] ?? unknownType
  const heading = headings[record.directionType ?? ''] ?? null
  const assumed: CameraView['assumed'] = []
  if (record.horizontalFieldAngle === undefined) assumed.push('field')
  if (record.maxViewDistance === undefined) assumed.push('range')
  return {
    heading,
    field: Number(record.horizontalFieldAngle ?? field),
    range: Number(record.maxViewDistance ?? range),
    turns,
    assumed,
  }
}

/** At the foot of its pole no direction says anything. Metres */
const atFoot = 5

/** @param bearing from the camera to the place, degrees from north; on the edge of the field is in it */
export function sightingOf(view: CameraView, metres: number, bearing: number): Sighting {
  if (metres > view.range) return 'too-far'
  if (view.field >= 360) return 'covers'
  // Where one that turns looks now is not known.
  if (view.turns) return 'can-turn'
  if (view.heading === null || metres < atFoot) return 'direction-unknown'
  const off = Math.abs(((bearing - view.heading + 540) % 360) - 180)
  return off <= view.field / 2 ? 'covers' : 'looks-away'
}

/** What can be said of a camera and a place. */
export function sight(camera: GeoPoint, view: CameraView, place: GeoPoint) {
  const [metres, bearing] = [metresBetween(camera, place), bearingTo(camera, place)]
  return { metres, bearing, sighting: sightingOf(view, metres, bearing) }
}

const ranks: Record<Sighting, number> = {
  covers: 0,
  'can-turn': 1,
  'direction-unknown': 2,
  'looks-away': 3,
  'too-far': 4,
}
type Ranked = Pick<NearbyCamera, 'sighting' | 'metres' | 'device'>

/** The order of what is offered: what can see it first, then the nearest. */
export const bySight = (a: Ranked, b: Ranked): number =>
  ranks[a.sighting] - ranks[b.sighting] || a.metres - b.metres || (a.device < b.device ? -1 : 1)

/** Those that a rule chooses: online, and likely to show the place. */
export const isOfUse = ({ sighting, state }: Pick<NearbyCamera, 'sighting' | 'state'>): boolean =>
  (state === 'up' || state === 'degraded') && ranks[sighting] <= ranks['direction-unknown']
