/** The theme in force, as the map's canvas needs it. */
import type { Palette } from './icons.ts'
import type { MapColours } from './style.ts'

export function coloursOf(element: HTMLElement): { style: MapColours; icons: Palette } {
  const css = getComputedStyle(element)
  const token = (name: string) => css.getPropertyValue(`--${name}`).trim()
  return {
    style: {
      ground: token('ground'),
      text: token('text'),
      muted: token('muted'),
      surface: token('surface'),
      mapLine: token('map-line'),
      good: token('fill-good'),
      near: token('fill-near'),
      poor: token('fill-poor'),
      none: token('surface'),
      up: token('up'),
      down: token('down'),
      accent: token('accent'),
    },
    icons: {
      up: token('up'),
      degraded: token('degraded'),
      down: token('down'),
      unknown: token('unknown'),
      surface: token('surface'),
      text: token('text'),
      quiet: token('quiet'),
      muted: token('muted'),
    },
  }
}
