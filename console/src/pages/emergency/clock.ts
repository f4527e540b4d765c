/** Limits as they run down. Pure. */
import type { IncidentClock } from '@hub/contracts'
import { hourMs, minuteMs, secondMs } from '@hub/core'

const two = (n: number) => String(n).padStart(2, '0')

/** `12:05` left, `−3:10` over, `1:02:03` from an hour on: every second is seen to go. */
export function countdown(ms: number): string {
  // A limit is not over before its last second is.
  const whole = Math.abs(Math.floor(ms / secondMs)) * secondMs
  const [h, min, s] = [
    Math.floor(whole / hourMs),
    Math.floor((whole % hourMs) / minuteMs),
    (whole % minuteMs) / secondMs,
  ]
  return `${ms < 0 ? '−' : ''}${h ? `${h}:${two(min)}` : min}:${two(s)}`
}

/** The colour now: the hub tells it when it changes, and the screen is not to lag behind its own figure. */
export const colourNow = ({ colour, due }: Pick<IncidentClock, 'colour' | 'due'>, now: number) =>
  now > due ? 'red' : colour
