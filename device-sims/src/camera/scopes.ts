/** Scopes that a camera announces (ONVIF Core 7.3.2.2). */
import type { Camera } from './camera.ts'

const base = 'onvif://www.onvif.org'
/** Marks every simulated camera, so that a hub may approve them by themselves. */
const project = `${base}/x-project/hengyang-sims`

export const scopes = ({ spec }: Camera): string[] => [
  `${base}/type/video_encoder`,
  ...(spec.ptz ? [`${base}/type/ptz`] : []),
  `${base}/Profile/Streaming`,
  `${base}/name/${encodeURIComponent(spec.name)}`,
  `${base}/hardware/${encodeURIComponent(spec.model)}`,
  `${base}/location/country/china`,
  `${base}/location/${encodeURIComponent(`hengyang/${spec.district}`)}`,
  project,
]
