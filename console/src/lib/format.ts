/** How figures are written: rates, points, durations, times. Unknown is a dash, never 0. Days are Asia/Shanghai. */

import { dayMs, hourMs, hundredthsApart, minuteMs, percentDigits, rateText, secondMs } from '@hub/core'
import { translate } from '../i18n/common.ts'
import type { Language } from '../i18n/translate.ts'
import { cityZone } from './city-time.ts'

export const dash = '—'
const space = '\u00a0'

/** `0.9637` → `96.37 %`. Cut, never rounded up: a rate must not be seen to reach a target that it misses. */
export const formatRate = (rate: number | null): string => rateText(rate).replace(' ', space)

/** A share to one decimal, cut like a rate: `0.0128` → `1.2 %`. */
export const formatShare = (share: number): string => `${percentDigits(share, 1)}${space}%`

/** How far a printed rate is from another, in points: `−0.42 pt`. It is what a reader gets who subtracts them. */
export function formatPoints(now: number | null, before: number | null): string {
  if (now === null || before === null) return dash
  const hundredths = hundredthsApart(now, before)
  const sign = hundredths > 0 ? '+' : hundredths < 0 ? '−' : ''
  return `${sign}${(Math.abs(hundredths) / 100).toFixed(2)}${space}pt`
}

const counts = new Intl.NumberFormat('en-US')
export const formatCount = (count: number): string => counts.format(count)

/** `11_520_000` → `3 h 12 min` / `3 小时 12 分`. Two units at most. */
export function formatDuration(ms: number, language: Language): string {
  const whole = Math.max(0, ms)
  if (whole < minuteMs) return translate(language, 'time.s', { s: Math.floor(whole / secondMs) })
  if (whole < hourMs) return translate(language, 'time.min', { min: Math.floor(whole / minuteMs) })
  if (whole < dayMs) {
    const h = Math.floor(whole / hourMs)
    const min = Math.floor((whole % hourMs) / minuteMs)
    return min ? translate(language, 'time.h', { h, min }) : translate(language, 'time.h.only', { h })
  }
  const d = Math.floor(whole / dayMs)
  const h = Math.floor((whole % dayMs) / hourMs)
  return h ? translate(language, 'time.d', { d, h }) : translate(language, 'time.d.only', { d })
}

const parts = new Intl.DateTimeFormat('en-CA', {
  timeZone: cityZone,
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

/** `14:02:11–14:02:19`; the day is written once when both are on it. One time when both are the same. */
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
