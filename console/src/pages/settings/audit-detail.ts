/** What an audit line holds beside who, what and when, in the words that the pages use. What this console does not know stays as it is. Pure. */
import { type AuditPage, type DistrictCode, districtCodes } from '@hub/contracts'
import type { Language, Params } from '../../i18n/translate.ts'
import { dash, formatTime } from '../../lib/format.ts'
import { districtNames } from '../../lib/names.ts'
import { noteWords } from '../../shared/outages/sentences.ts'
import { translate, words } from './words.ts'

/** Sentences without parameters. */
type Sentences = typeof words.zh
type MessageKey = keyof Sentences
type Word = { [K in MessageKey]: Params<Sentences[K]> extends [] ? K : never }[MessageKey]
type Line = Pick<AuditPage['lines'][number], 'action' | 'detail'>
type Known = Extract<MessageKey, `audit.has.${string}`>
/** By what the action is about: under which keys its statuses have their words. */
const statusKeys: Record<string, string> = {
  outage: 'outage.status.',
  'work-order': 'order.status.',
  device: 'stage.',
  adjustment: 'adjust.status.',
}
/** Values with words of their own, by the name of the value. */
const valueKeys: Record<string, string> = {
  role: 'role.',
  kind: 'adjust.kind.',
  countAs: 'state.',
  by: 'adjust.by.',
  report: 'export.report.',
  format: 'export.format.',
  orders: 'outage.orders.',
}
/** Of these actions, what `from` and `to` are. */
const movedNames: Record<string, string> = { 'user.role': 'role', 'user.districts': 'districts' }
/** These speak for themselves. */
const nameless = new Set(['number', 'note', 'reason', 'orders'])

/** `已恢复 → 已关闭 · 现场已确认`; `版本 2 · 得分 96.05`. Nothing of what is empty, or of a status that stays. */
export function detailWords({ action, detail }: Line, now: number, language: Language): string {
  const { from, to, ...rest } = detail
  const parts = Object.entries(rest)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => {
      const said = valueWords(name, value, now, language)
      return nameless.has(name) ? said : `${nameWords(name, language)} ${said}`
    })
  return [...moved(action, { from, to }, now, language), ...parts].join(' · ')
}

function moved(action: string, { from, to }: { from?: unknown; to?: unknown }, now: number, language: Language) {
  if (from === to) return []
  const keys = statusKeys[action.slice(0, action.lastIndexOf('.'))]
  const name = movedNames[action]
  const said = (value: unknown) =>
    value === null || value === undefined || value === ''
      ? dash
      : typeof value === 'number'
        ? formatTime(value, now)
        : name
          ? valueWords(name, value, now, language)
          : worded(keys, plain(value), language)
  return [`${said(from)} → ${said(to)}`]
}

function valueWords(name: string, value: unknown, now: number, language: Language): string {
  if (name === 'districts' && value === 'city') return translate(language, 'scope.all')
  if (name === 'districts' && Array.isArray(value) && value.every(isDistrict)) return districtNames(value, language)
  if (name === 'note' && typeof value === 'string') return noteWords(value, now)
  return worded(valueKeys[name], plain(value), language)
}

function nameWords(name: string, language: Language): string {
  const key = `audit.has.${name}`
  return key in words.zh ? translate(language, key as Known) : name
}

function worded(keys: string | undefined, value: string, language: Language): string {
  const key = `${keys}${value}`
  return keys && key in words.zh ? translate(language, key as Word) : value
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
const isDistrict = (code: unknown): code is DistrictCode => districtCodes.includes(code as DistrictCode)
