/** Marks of the map, drawn on a canvas: the shapes of the four states, and rings that show a cluster's share of trouble. */
import type { DeviceState } from '@hub/contracts'

export type Palette = Record<DeviceState | 'surface' | 'text' | 'quiet' | 'muted', string>

const ratio = 2
export const ringSteps = 12

function canvas(size: number, draw: (context: CanvasRenderingContext2D) => void): ImageData {
  const element = document.createElement('canvas')
  element.width = element.height = size * ratio
  const context = element.getContext('2d')
  if (!context) throw new TypeError('this browser has no 2D canvas')
  context.scale(ratio, ratio)
  draw(context)
  return context.getImageData(0, 0, size * ratio, size * ratio)
}

const shapes: Record<DeviceState, (context: CanvasRenderingContext2D) => void> = {
  up: (c) => c.arc(8, 8, 5, 0, 2 * Math.PI),
  degraded: (c) => {
    c.moveTo(8, 1.5)
    c.lineTo(14.5, 13.5)
    c.lineTo(1.5, 13.5)
    c.closePath()
  },
  down: (c) => c.rect(2.5, 2.5, 11, 11),
  unknown: (c) => c.arc(8, 8, 4.5, 0, 2 * Math.PI),
}

function mark(state: DeviceState, palette: Palette): ImageData {
  return canvas(16, (c) => {
    c.beginPath()
    shapes[state](c)
    c.lineWidth = 1.5
    if (state === 'unknown') {
      c.fillStyle = palette.surface
      c.strokeStyle = palette.unknown
      c.lineWidth = 2.5
    } else {
      c.fillStyle = palette[state]
      c.strokeStyle = palette.surface
    }
    c.fill()
    c.stroke()
  })
}

/** `step` twelfths of the ring are problems. Any problem at all shows: the first step is never empty. */
function ring(step: number, palette: Palette): ImageData {
  return canvas(36, (c) => {
    c.beginPath()
    c.arc(18, 18, 15, 0, 2 * Math.PI)
    c.fillStyle = palette.surface
    c.fill()
    c.lineWidth = 4
    c.strokeStyle = palette.quiet
    c.stroke()
    if (step === 0) return
    c.beginPath()
    c.arc(18, 18, 15, -Math.PI / 2, -Math.PI / 2 + (step / ringSteps) * 2 * Math.PI)
    c.strokeStyle = palette.down
    c.stroke()
  })
}

/** Name → image, for `map.addImage` with `pixelRatio` 2. */
export function iconsOf(palette: Palette): [string, ImageData][] {
  const states: DeviceState[] = ['up', 'degraded', 'down', 'unknown']
  return [
    ...states.map((state): [string, ImageData] => [`state-${state}`, mark(state, palette)]),
    ...Array.from({ length: ringSteps + 1 }, (_, step): [string, ImageData] => [`ring-${step}`, ring(step, palette)]),
  ]
}
