/** Durations as people read them. */
import { hourMs, minuteMs, secondMs } from '@hub/core'

/** Hours, minutes, seconds: `743:05:09`, and milliseconds where there are any, `743:05:09.250`: what is printed adds up. */
export function clockOf(ms: number): string {
  const part = (of: number, digits: number) => String(Math.floor(of)).padStart(digits, '0')
  const whole = `${Math.floor(ms / hourMs)}:${part((ms / minuteMs) % 60, 2)}:${part((ms / secondMs) % 60, 2)}`
  return ms % secondMs === 0 ? whole : `${whole}.${part(ms % secondMs, 3)}`
}
