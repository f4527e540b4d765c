/** How figures are written: rates, points, durations, times. Unknown is a dash, never 0. Days are Asia/Shanghai. */
import { type Language, translate } from '../i18n/translate.ts'

export const dash = '—'
const space = '\u00a0'
const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** `0.9637` → `96.37 %`. Cut, never rounded up: a rate must not be seen to reach a target that it misses. */
export function formatRate(rate: number | null): string {
  if (rate === null) return dash
  return `${(Math.floor(rate * 10_000 + 1e-6) / 100).toFixed(2)}${space}%`
}

/** A share, rounded to one decimal: `0.0123` → `1.2 %`. */
export const formatShare = (share: number): string => `${(share * 100).toFixed(1)}${space}%`

/** A change of rate in points: `−0.42 pt`. */
export function formatPoints(change: number | null): string {
  if (change === null) return dash
  const points = Math.round(change * 10_000) / 100
  const sign = points > 0 ? '+' : points < 0 ? '−' : ''
  return `${sign}${Math.abs(points).toFixed(2)}${space}pt`
}

const counts = new Intl.NumberFormat('en-US')
export const formatCount = (count: number): string => counts.format(count)

/** `11_520_000` → `3 h 12 min` / `3 小时 12 分`. Two units at most. */
export function formatDuration(ms: number, language: Language): string {
  const whole = Math.max(0, ms)
  if (whole < minute) return translate(language, 'time.s', { s: Math.floor(whole / second) })
  if (whole < hour) return translate(language, 'time.min', { min: Math.floor(whole / minute) })
  if (whole < day) {
    const h = Math.floor(whole / hour)
    const min = Math.floor((whole % hour) / minute)
    return min ? translate(language, 'time.h', { h, min }) : translate(language, 'time.h.only', { h })
  }
  const d = Math.floor(whole / day)
  const h = Math.floor((whole % day) / hour)
  return h ? translate(language, 'time.d', { d, h }) : translate(language, 'time.d.only', { d })
}

const parts = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

function wall(at: number) {
  const found = Object.fromEntries(parts.formatToParts(at).map((part) => [part.type, part.value]))
  return {
    date: `${found.year}-${found.month}-${found.day}`,
    year: found.year,
    monthDay: `${found.month}-${found.day}`,
    minutes: `${found.hour}:${found.minute}`,
    seconds: `${found.hour}:${found.minute}:${found.second}`,
  }
}

/** `HH:mm` today, `MM-DD HH:mm` before, with the year when it is another. */
export function formatTime(at: number | null, now: number, precision: 'minutes' | 'seconds' = 'minutes'): string {
  if (at === null) return dash
  const then = wall(at)
  const today = wall(now)
  if (then.date === today.date) return then[precision]
  return `${then.year === today.year ? then.monthDay : then.date} ${then[precision]}`
}

/** `14:02:11–14:02:19`; the day is said once when both are on it. One time when both are the same. */
export function formatSpan(from: number, to: number, now: number): string {
  const start = formatTime(from, now, 'seconds')
  if (from === to) return start
  const end = wall(from).date === wall(to).date ? wall(to).seconds : formatTime(to, now, 'seconds')
  return `${start}–${end}`
}

/** A measured value, to two decimals at most: `−3.25`. */
export const formatValue = (value: number): string => String(Math.round(value * 100) / 100).replace('-', '−')

/** Milliseconds with their sign: `−4,200 ms`, `+12 ms`. */
export function formatOffset(ms: number): string {
  const whole = Math.round(ms)
  return `${whole > 0 ? '+' : whole < 0 ? '−' : ''}${formatCount(Math.abs(whole))}${space}ms`
}
