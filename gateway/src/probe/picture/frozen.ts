/** Whether two pictures some seconds apart are one. Pure. */
import type { Picture } from './decode.ts'

/**
 * Mean difference of luma, of 255, below which pictures are taken for the same. The noise of a sensor alone makes several times as
 * much at night and by day, also of a scene in which nothing moves; a frozen encoder repeats itself exactly, or nearly when it
 * encodes its last picture again. (ffmpeg's freezedetect is of the same kind: 0.001 of full scale.)
 */
const same = 0.05

export function isFrozen([first, last]: readonly Picture[]): boolean {
  if (!first || !last || first.luma.length !== last.luma.length) return false
  let sum = 0
  for (let i = 0; i < first.luma.length; i++) sum += Math.abs(first.luma[i]! - last.luma[i]!)
  return sum < same * first.luma.length
}
