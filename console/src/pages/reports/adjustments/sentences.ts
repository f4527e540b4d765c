/** What an adjustment covers, when, and what it moves, in words. Pure. */
import { type Adjustment, type AdjustmentEffect, countedStates, type DistrictCode } from '@hub/contracts'
import type { Language } from '../../../i18n/translate.ts'
import { formatTime } from '../../../lib/format.ts'
import { districtName, listWords } from '../../../lib/names.ts'
import { translate } from './words.ts'

type Words = Pick<Adjustment, 'scope' | 'recurrence' | 'from' | 'to'>
const named = 3

/** `区县：祁东县、衡东县 · 移动 · 摄像机`. Of many values the first few are named, and how many more there are. */
export function scopeWords({ scope }: Pick<Words, 'scope'>, language: Language): string {
  const { by, values, carriers = [], applications = [], kind } = scope
  const word = (value: string) => (by === 'district' ? districtName(value as DistrictCode, language) : value)
  const shown = listWords(values.slice(0, named).map(word), language)
  const more = values.length > named ? ` +${values.length - named}` : ''
  const narrowed = [
    carriers.map((carrier) => translate(language, `carrier.${carrier}`)),
    applications.map((application) => translate(language, `application.${application}`)),
    kind ? [translate(language, `kind.${kind}`)] : [],
  ].flatMap((words) => (words.length ? [listWords(words, language)] : []))
  const colon = language === 'zh' ? '：' : ': '
  return [`${translate(language, `adjust.by.${by}`)}${colon}${shown}${more}`, ...narrowed].join(' · ')
}

/** `11-01 00:00 – 12-01 00:00`. */
export const periodWords = ({ from, to }: Pick<Words, 'from' | 'to'>, now: number): string =>
  `${formatTime(from, now)} – ${formatTime(to, now)}`

/** `每周三、日 22:00–06:00`; null when it is the whole period. */
export function recurrenceWords({ recurrence }: Pick<Words, 'recurrence'>, language: Language): string | null {
  if (!recurrence) return null
  const { weekdays, monthDays, start, minutes } = recurrence
  const window = `${start}–${endOf(start, minutes)}`
  if (weekdays) {
    const days = weekdays.map((day) => translate(language, `adjust.weekday.${day}` as 'adjust.weekday.1'))
    return translate(language, 'adjust.repeat.weekly', { days: listWords(days, language), window })
  }
  if (monthDays) return translate(language, 'adjust.repeat.monthly', { days: listWords(monthDays, language), window })
  return translate(language, 'adjust.repeat.daily', { window })
}

/** When a window ends, on the clock; a whole day ends at 24:00. */
function endOf(start: string, minutes: number): string {
  const [hour = 0, minute = 0] = start.split(':').map(Number)
  const end = hour * 60 + minute + minutes
  const clock = end === 1_440 ? end : end % 1_440
  return [Math.floor(clock / 60), clock % 60].map((part) => String(part).padStart(2, '0')).join(':')
}

/** What each kind of time gains or loses, in milliseconds; kinds that stay as they are are left out. */
export function movedTime({ before, after }: Pick<AdjustmentEffect, 'before' | 'after'>) {
  return countedStates.flatMap((state) => {
    const ms = after[state] - before[state]
    return ms === 0 ? [] : [{ state, ms }]
  })
}
