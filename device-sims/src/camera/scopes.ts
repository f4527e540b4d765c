/** Scopes that a camera announces (ONVIF Core 7.3.2.2). */
import { type Camera, hasPtz } from './camera.ts'
import { percentEncode } from './charset.ts'

const base = 'onvif://www.onvif.org'
/** Marks every simulated camera, so that a hub may approve them by themselves. */
const project = `${base}/x-project/hengyang-sims`

export function scopes(camera: Camera): string[] {
  const { spec, profile } = camera
  return [
    `${base}/type/video_encoder`,
    ...(hasPtz(camera) ? [`${base}/type/ptz`] : []),
    `${base}/Profile/Streaming`,
    `${base}/name/${profile.scopeName?.(spec.id) ?? percentEncode(spec.name, profile.charset)}`,
    `${base}/hardware/${encodeURIComponent(spec.model)}`,
    `${base}/location/country/china`,
    `${base}/location/${encodeURIComponent(`hengyang/${spec.district}`)}`,
    project,
  ]
}
