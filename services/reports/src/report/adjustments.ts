/** 豁免与更正: who applied, who decided, what it covers. */
import type { Adjustment } from '@hub/contracts'
import { cityTime } from '@hub/core'
import { type Cell, type Column, type ReportDocument, whole } from '../document.ts'
import { type Language, nameOf, pick } from '../words.ts'
import { type Asked, commonFacts } from './facts.ts'

/** Values of a scope that are printed; the rest is counted. */
const mostNamed = 20

export function adjustmentReport(adjustments: Adjustment[], asked: Asked): ReportDocument {
  const { language, now } = asked
  const columns: Column[] = [
    { title: pick(language, '类别', 'Kind'), kind: 'text', width: 8 },
    { title: pick(language, '计为', 'Counts as'), kind: 'text', width: 20 },
    { title: pick(language, '状态', 'Status'), kind: 'text', width: 10 },
    { title: pick(language, '自', 'From'), kind: 'instant', width: 20 },
    { title: pick(language, '至', 'To'), kind: 'instant', width: 20 },
    { title: pick(language, '周期', 'Comes back'), kind: 'text', width: 22 },
    { title: pick(language, '范围', 'Scope'), kind: 'text', width: 34 },
    { title: pick(language, '设备', 'Devices'), kind: 'count', width: 8 },
    { title: pick(language, '原因', 'Reason'), kind: 'text', width: 34 },
    { title: pick(language, '依据', 'Evidence'), kind: 'text', width: 34 },
    { title: pick(language, '申请单位', 'Applicant'), kind: 'text', width: 18 },
    { title: pick(language, '提交人', 'Entered by'), kind: 'text', width: 12 },
    { title: pick(language, '提交时间', 'Entered at'), kind: 'instant', width: 20 },
    { title: pick(language, '审批人', 'Decided by'), kind: 'text', width: 12 },
    { title: pick(language, '审批时间', 'Decided at'), kind: 'instant', width: 20 },
    { title: pick(language, '审批意见', 'Note'), kind: 'text', width: 24 },
    { title: pick(language, '编号', 'Id'), kind: 'text', width: 38 },
  ]
  const name = pick(language, '豁免与更正', 'Exemptions and corrections')
  return whole({
    title: name,
    fileName: `${pick(language, name, 'adjustments')}_${cityTime(now).slice(0, 10)}`,
    facts: commonFacts(asked, now),
    tables: [{ name, columns, rows: adjustments.map((adjustment) => cells(adjustment, language)) }],
    answer: adjustments,
  })
}

function cells(a: Adjustment, language: Language): Cell[] {
  return [
    nameOf('kind', a.kind, language),
    countsAs(a, language),
    nameOf('status', a.status, language),
    a.from,
    a.to,
    recurrence(a, language),
    scope(a, language),
    a.devices,
    a.reason,
    a.evidence ?? null,
    a.applicant,
    a.requestedBy,
    a.requestedAt,
    a.decidedBy,
    a.decidedAt,
    a.note,
    a.id,
  ]
}

/** Of a `record` what the record was. */
function countsAs({ countAs, change = {} }: Adjustment, language: Language): string {
  if (countAs) return nameOf('state', countAs, language)
  const { due, ...fields } = change
  const said = Object.entries(fields).map(([field, value]) => {
    const none = pick(language, '（无）', '(none)')
    return `${nameOf('field', field, language)}${pick(language, '：', ': ')}${value ? nameOf(field, value, language) : none}`
  })
  if (due !== undefined) said.unshift(due ? pick(language, '应在线', 'due') : pick(language, '不应在线', 'not due'))
  return said.join(pick(language, '；', '; '))
}

function scope({ scope: { by, values, carriers, applications } }: Adjustment, language: Language): string {
  const comma = pick(language, '、', ', ')
  const named = values.slice(0, mostNamed).map((value) => nameOf(by, value, language))
  const more = values.length > mostNamed ? pick(language, ` 等 ${values.length} 个`, ` … ${values.length} in all`) : ''
  const narrowed = [
    ...(carriers ?? []).map((carrier) => nameOf('carrier', carrier, language)),
    ...(applications ?? []).map((application) => nameOf('application', application, language)),
  ]
  const within = narrowed.length > 0 ? pick(language, `（${narrowed.join(comma)}）`, ` (${narrowed.join(comma)})`) : ''
  return `${nameOf('scope', by, language)}${pick(language, '：', ': ')}${named.join(comma)}${more}${within}`
}

function recurrence({ recurrence: r }: Adjustment, language: Language): string | null {
  if (!r) return null
  const days = r.weekdays
    ? pick(language, `每周 ${r.weekdays.join('、')}`, `weekdays ${r.weekdays.join(', ')}`)
    : r.monthDays
      ? pick(language, `每月 ${r.monthDays.join('、')} 日`, `days ${r.monthDays.join(', ')} of the month`)
      : pick(language, '每天', 'every day')
  return pick(language, `${days} ${r.start} 起 ${r.minutes} 分钟`, `${days} at ${r.start} for ${r.minutes} min`)
}
