/** Why a device has its state, as a sentence. */
import type { DeviceState, Rule } from '@hub/contracts'
import { translate } from '../i18n/common.ts'
import type { Language } from '../i18n/translate.ts'
import { formatSpan, formatTime } from './format.ts'

export function ruleSentence(rule: Rule, state: DeviceState, now: number, language: Language): string {
  if (rule.id === 'never-seen') return translate(language, 'rule.never-seen')
  if (rule.id === 'stale') return staleSentence(rule, now, language)
  const kind = rule.rung === 'fresh' && state !== 'unknown' ? 'sensor' : 'confirmed'
  return translate(language, `rule.${kind}.${state}` as 'rule.confirmed.down', {
    // A streak goes on after it was long enough; "5 of 3" says nothing.
    count: language === 'en' ? Math.min(rule.count, rule.needed) : rule.count,
    needed: rule.needed,
    rung: rule.rung ? translate(language, `rung.${rule.rung}`) : '',
    reason: translate(language, rule.reason ? `reason.${rule.reason}` : 'rule.reason.none'),
    span: rule.firstAt === null ? '' : formatSpan(rule.firstAt, rule.lastAt ?? rule.firstAt, now),
  })
}

/** For `stale`, `firstAt` is the last probe and `lastAt` is when it went stale. */
function staleSentence(rule: Rule, now: number, language: Language): string {
  if (rule.firstAt === null || rule.lastAt === null) return translate(language, 'rule.stale.none')
  return translate(language, 'rule.stale', {
    last: formatTime(rule.firstAt, now, 'seconds'),
    stale: formatTime(rule.lastAt, now, 'seconds'),
  })
}
