/** A period in words of the city's calendar: `2026年10月24日至11月22日`. */
import { dayOf, type Span } from '@hub/core'
import type { Language } from '../i18n/translate.ts'

const day = 86_400_000
const english = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'Asia/Shanghai' })
const weekdays = (locale: string) => new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'Asia/Shanghai' })
const weekday = { zh: weekdays('zh-CN'), en: weekdays('en-GB') }

/** What is said once is not said again: the year of the second day when it is that of the first. */
export function periodWords({ from, to }: Span, language: Language): string {
  const last = to - 1
  if (!isMidnight(from) || !isMidnight(to)) return `${minuteWords(from, language)} – ${minuteWords(to, language)}`
  if (to - from === day) return `${dayWords(from, language, true)} ${weekday[language].format(from)}`
  const sameYear = dayOf(from).slice(0, 4) === dayOf(last).slice(0, 4)
  if (language === 'zh') return `${dayWords(from, 'zh', true)}至${dayWords(last, 'zh', !sameYear)}`
  return `${dayWords(from, 'en', !sameYear)} – ${dayWords(last, 'en', true)}`
}

function dayWords(at: number, language: Language, withYear: boolean): string {
  const [year, month, date] = dayOf(at).split('-').map(Number)
  if (language === 'zh') return `${withYear ? `${year}年` : ''}${month}月${date}日`
  return `${english.format(at)}${withYear ? ` ${year}` : ''}`
}

const clockOf = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(11, 16)
const minuteWords = (at: number, language: Language): string => `${dayWords(at, language, false)} ${clockOf(at)}`
const isMidnight = (at: number): boolean => (at + 8 * 3_600_000) % day === 0

const monthName = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' })
/** `2026-11` → `11月`, `Nov`. */
export const monthWords = (month: string, language: Language): string =>
  language === 'zh' ? `${Number(month.slice(5))}月` : monthName.format(Date.parse(`${month}-01`))
