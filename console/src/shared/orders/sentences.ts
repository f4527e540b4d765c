/** How the limits of a work order stand, in words. Pure. */
import type { WorkOrder } from '@hub/contracts'
import type { Language } from '../../i18n/translate.ts'
import { dash, formatDuration, formatTime } from '../../lib/format.ts'
import { type Limit, runningLimit } from './order.ts'
import { translate } from './words.ts'

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

/** Of one limit: met, met late, or how long is left. */
export function limitWords(limit: Limit, status: WorkOrder['status'], now: number, language: Language): string {
  const { by, metAt } = limit
  if (metAt === null) {
    if (status === 'cancelled') return translate(language, 'order.limit.cancelled')
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
