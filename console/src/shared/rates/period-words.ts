/** A period in words of the city's calendar: `2026年10月24日至11月22日`. */
import { dayMs, dayOf, type Span } from '@hub/core'
import type { Language } from '../../i18n/translate.ts'
import { cityZone, clockOf, isMidnight } from '../../lib/city-time.ts'

const english = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: cityZone })
const weekdays = (locale: string) => new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: cityZone })
const weekday = { zh: weekdays('zh-CN'), en: weekdays('en-GB') }

/** The year is written once when both days are in it. */
export function periodWords({ from, to }: Span, language: Language): string {
  const last = to - 1
  if (!isMidnight(from) || !isMidnight(to)) return `${minuteWords(from, language)} – ${minuteWords(to, language)}`
  if (to - from === dayMs) return `${dayWords(from, language, true)} ${weekday[language].format(from)}`
  const sameYear = dayOf(from).slice(0, 4) === dayOf(last).slice(0, 4)
  if (language === 'zh') return `${dayWords(from, 'zh', true)}至${dayWords(last, 'zh', !sameYear)}`
  return `${dayWords(from, 'en', !sameYear)} – ${dayWords(last, 'en', true)}`
}

function dayWords(at: number, language: Language, withYear: boolean): string {
  const [year, month, date] = dayOf(at).split('-').map(Number)
  if (language === 'zh') return `${withYear ? `${year}年` : ''}${month}月${date}日`
  return `${english.format(at)}${withYear ? ` ${year}` : ''}`
}

const minuteWords = (at: number, language: Language): string => `${dayWords(at, language, false)} ${clockOf(at)}`

const monthName = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' })
/** `2026-11` → `11月`, `Nov`. */
export const monthWords = (month: string, language: Language): string =>
  language === 'zh' ? `${Number(month.slice(5))}月` : monthName.format(Date.parse(`${month}-01`))
