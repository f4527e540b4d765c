/** What a work order is about, how its limits stand and what it lacks, in words. Pure. */
import type { WorkOrder } from '@hub/contracts'
import { minuteMs, provenIn, secondMs, subjectWords } from '@hub/core'
import type { Language } from '../../i18n/translate.ts'
import { dash, formatCount, formatDuration, formatTime } from '../../lib/format.ts'
import { type Limit, runningLimit } from './order.ts'
import { translate } from './words.ts'

/** `祁东县 3 号馈线停电 · 12 台`, or what a person has typed. */
export const titleOf = (
  { subject, districts, devices }: Pick<WorkOrder, 'subject' | 'districts' | 'devices'>,
  language: Language,
): string => subjectWords({ subject, districts, devices: devices.length }, language)

/** What is missing before a repair is believed: `还需连续在线 7 分钟`. Null when nothing is. */
export function provenWords(
  order: Pick<WorkOrder, 'upSince' | 'provenMs' | 'down'>,
  now: number,
  language: Language,
): string | null {
  const left = provenIn(order, now, order.provenMs)
  if (left === null) {
    const minutes = order.provenMs / minuteMs
    return translate(language, 'order.proven.down', { down: formatCount(order.down), minutes })
  }
  if (left === 0) return null
  return left < minuteMs
    ? translate(language, 'order.proven.seconds', { seconds: Math.ceil(left / secondMs) })
    : translate(language, 'order.proven.minutes', { minutes: Math.ceil(left / minuteMs) })
}

const which = (limit: Limit, language: Language) => translate(language, `order.limit.${limit.which}`)

/** `修复还剩 3 小时 20 分`, `响应超时 35 分`; a dash when no clock runs. */
export function runningWords(order: Parameters<typeof runningLimit>[0], now: number, language: Language): string {
  const limit = runningLimit(order)
  if (!limit) return dash
  const left = limit.by - now
  return translate(language, left < 0 ? 'order.limit.over' : 'order.limit.left', {
    which: which(limit, language),
    span: formatDuration(Math.abs(left), language),
  })
}

/** Of one limit: met, met late, or how long is left; of an order that was closed with its outage perhaps none of it. */
export function limitWords(limit: Limit, status: WorkOrder['status'], now: number, language: Language): string {
  const { by, metAt } = limit
  if (metAt === null) {
    if (status === 'cancelled') return translate(language, 'order.limit.cancelled')
    if (status === 'closed') return translate(language, 'order.limit.closed')
    return translate(language, now > by ? 'order.limit.over' : 'order.limit.left', {
      which: which(limit, language),
      span: formatDuration(Math.abs(by - now), language),
    })
  }
  const at = formatTime(metAt, now)
  return metAt > by
    ? translate(language, 'order.limit.met.late', { at, span: formatDuration(metAt - by, language) })
    : translate(language, 'order.limit.met', { at })
}

/** The rule that set the limits: `城区：2 小时内响应，24 小时内修复，按 24 小时连续计时`. */
export const ruleWords = ({ rule }: Pick<WorkOrder, 'rule'>, language: Language): string =>
  translate(language, 'order.rule', {
    class: translate(language, `order.rule.class.${rule.class}`),
    respond: rule.respondHours,
    repair: rule.repairHours,
    clock: translate(language, `order.rule.${rule.clock}`),
  })
