/** The same sentences in English. A key missing here is a type error. */
import type { zh } from './zh.ts'

export const en: Record<keyof typeof zh, string> = {
  'page.map': 'Map',

  'map.label': 'Map of devices; the list at the right holds the same',
  'map.schematic': 'Schematic borders, not a survey',
  'map.layers': 'Layers',
  'map.districts': 'District rate',
  'map.opacity': 'Opacity',
  'map.states': 'Device state',
  'map.applications': 'Application',
  'map.inView': '{count} in view',
  'map.unplaced': '{count} more have no position',
  'map.none': 'No device in view',
  'map.none.body': 'Zoom out, or switch on a layer at the left.',
}
