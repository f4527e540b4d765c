/** The same sentences in English. A key missing here is a type error. */
import type { zh } from './zh.ts'

export const en: Record<keyof typeof zh, string> = {
  'map.failed': 'The map cannot be drawn',
  'map.failed.body': 'This browser has no WebGL. The list at the right holds the same devices.',
  'map.zoomIn': 'Zoom in',
  'map.zoomOut': 'Zoom out',
  'map.reset': 'Whole city',
}
