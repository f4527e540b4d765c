/** What a later version of a scorecard changed, in words. The fields are those of core's `differences`. Pure. */
import { countedStates, type Scorecard, scoreItems } from '@hub/contracts'
import { isRateField } from '@hub/core'
import type { Language } from '../../../i18n/translate.ts'
import { dash, formatCount, formatRate } from '../../../lib/format.ts'
import { formatHours, formatScore } from './score.ts'
import { type words as sentences, translate } from './words.ts'

type Difference = Scorecard['differences'][number]
type Value = Difference['was']

const plain = ['score', 'pay', 'devices'] as const
const ofLine = ['value', 'numerator', 'denominator', 'deduction', 'weight', 'basis', 'source', 'full', 'zero'] as const
const ofPolicy = ['payFull', 'payPart', 'unmeasured', 'provenance', 'coverage'] as const

const find = <T extends string>(of: readonly T[], name: string | undefined): T | undefined =>
  of.find((one) => one === name)

/** A field that this console does not know keeps its own name: nothing that changed is left out. */
export function differenceWords({ field, was, now }: Difference, language: Language) {
  return {
    field,
    what: fieldWords(field, language),
    was: valueWords(field, was, language),
    now: valueWords(field, now, language),
  }
}

function fieldWords(field: string, language: Language): string {
  const path = field.split('.')
  const [group, name] = path
  const last = path.at(-1)
  const own = find(plain, field)
  if (own) return translate(language, `score.field.${own}`)
  if (group === 'totals') {
    const state = find(countedStates, name)
    if (state) return translate(language, 'score.field.time', { state: translate(language, `state.${state}`) })
  }
  const item = find(scoreItems, group === 'lines' ? name : path[2])
  const figure = find(ofLine, last)
  if (item && figure)
    return translate(language, 'score.field.of', {
      item: translate(language, `item.${item}`),
      field: translate(language, `score.field.${figure}`),
    })
  const rule = group === 'policy' ? find(ofPolicy, name) : undefined
  return rule ? translate(language, `score.field.${rule}`) : field
}

function valueWords(field: string, value: Value, language: Language): string {
  if (value === null || value === '') return dash
  const last = field.split('.').at(-1) ?? ''
  if (typeof value === 'string') {
    const word = wordOf(last, value)
    return word ? translate(language, word) : value
  }
  if (field.startsWith('totals.')) return formatHours(value, language)
  if (isRateField(field)) return formatRate(value)
  return last === 'numerator' || last === 'denominator' || last === 'devices' ? formatCount(value) : formatScore(value)
}

type Worded = Extract<keyof typeof sentences.zh, `score.pay.${string}` | `score.basis.${string}` | 'score.policy.zero'>
/** Values that are words of the contract. */
const words: Record<string, readonly string[]> = {
  pay: ['full', 'part', 'none'],
  basis: ['computed', 'stated', 'unmeasured'],
  unmeasured: ['left-out', 'zero'],
}

function wordOf(field: string, value: string): Worded | null {
  if (!words[field]?.includes(value)) return null
  return `score.${field === 'unmeasured' ? 'policy' : field}.${value}` as Worded
}
