/** 考核表: a summary of the month, and the lines of every card; on paper a page each with signatures. */
import type { Scorecard, ScorecardChange, ScorecardList } from '@hub/contracts'
import { onlineRate, provenanceIn } from '@hub/core'
import { type Cell, type Column, type ReportDocument, whole } from '../document.ts'
import { type Language, nameOf, pick } from '../words.ts'
import { type Asked, commonFacts, judgingFacts } from './facts.ts'

/** Columns of the summary that a page has room for: the rest is on the card's own page. */
const printed = 9

export const subjectName = ({ subject }: Scorecard, language: Language): string =>
  nameOf(subject.kind, subject.key, language)

export function scorecardReport(list: ScorecardList, month: string, asked: Asked): ReportDocument {
  const { language } = asked
  const { asOf, cards } = list
  const changed: Changed = new Map(list.changed.map((change) => [change.id, change]))
  const judging = cards.find((card) => card.judging)?.judging ?? []
  const provenances = new Set(cards.map(({ policy }) => policy.provenance))
  return whole({
    title: pick(language, `${month} 月度考核`, `Scorecards of ${month}`),
    fileName: `${pick(language, '考核', 'scorecards')}_${month}`,
    facts: [
      [pick(language, '考核月份', 'Month'), month],
      ...commonFacts(asked, asOf),
      ...judgingFacts(judging, language),
      ...[...provenances].map(
        (text) => [pick(language, '评分依据', 'Scored by'), provenanceIn(language, text)] as const,
      ),
    ],
    tables: [
      {
        name: pick(language, '考核', 'Scorecards'),
        columns: summaryColumns(language),
        rows: cards.map((card) => summary(card, changed, language)),
      },
      {
        name: pick(language, '明细', 'Lines'),
        columns: lineColumns(language),
        rows: cards.flatMap((card) => cardLines(card, language).map((line) => [subjectName(card, language), ...line])),
      },
    ],
    paper: [
      {
        name: pick(language, '考核', 'Scorecards'),
        columns: summaryColumns(language).slice(0, printed),
        rows: cards.map((card) => summary(card, changed, language).slice(0, printed)),
      },
    ],
    answer: list,
    cards,
    changed,
  })
}

/** Locked cards that would be others now, by id. */
type Changed = ReadonlyMap<string, ScorecardChange>

const summaryColumns = (language: Language): Column[] => [
  { title: pick(language, '考核对象', 'Subject'), kind: 'text', width: 16 },
  { title: pick(language, '得分', 'Score'), kind: 'number', width: 10 },
  { title: pick(language, '支付', 'Pay'), kind: 'text', width: 12 },
  { title: pick(language, '状态', 'Status'), kind: 'text', width: 10 },
  { title: pick(language, '锁定后变化', 'Changed since'), kind: 'text', width: 14 },
  { title: pick(language, '版本', 'Version'), kind: 'count', width: 8 },
  { title: pick(language, '设备', 'Devices'), kind: 'count', width: 10 },
  { title: pick(language, '在线率', 'Online rate'), kind: 'percent', width: 10 },
  { title: pick(language, '覆盖率', 'Coverage'), kind: 'percent', width: 10 },
  { title: pick(language, '最低覆盖率', 'Least coverage'), kind: 'percent', width: 10 },
  { title: pick(language, '尚缺实测', 'Missing'), kind: 'duration', width: 16 },
  { title: pick(language, '在线时长', 'Up'), kind: 'duration', width: 16 },
  { title: pick(language, '离线时长', 'Down'), kind: 'duration', width: 16 },
  { title: pick(language, '未知时长', 'Unknown'), kind: 'duration', width: 16 },
  { title: pick(language, '豁免时长', 'Exempt'), kind: 'duration', width: 16 },
  { title: pick(language, '审核人', 'Reviewed by'), kind: 'text', width: 12 },
  { title: pick(language, '审核时间', 'Reviewed at'), kind: 'instant', width: 20 },
  { title: pick(language, '锁定人', 'Locked by'), kind: 'text', width: 12 },
  { title: pick(language, '锁定时间', 'Locked at'), kind: 'instant', width: 20 },
  { title: pick(language, '校验值', 'Hash'), kind: 'text', width: 66 },
]

function summary(card: Scorecard, changed: Changed, language: Language): Cell[] {
  const { up, down, unknown, exempt } = card.totals
  return [
    subjectName(card, language),
    card.score,
    nameOf('pay', card.pay ?? 'not-measurable', language),
    nameOf('card', card.status, language),
    changed.has(card.id) ? pick(language, '有，见更正', 'yes') : null,
    card.version,
    card.devices,
    onlineRate(card.totals),
    card.coverage && card.coverage.due > 0 ? card.coverage.measured / card.coverage.due : null,
    card.coverage?.least ?? null,
    card.coverage?.missing ?? null,
    up,
    down,
    unknown,
    exempt,
    card.reviewedBy,
    card.reviewedAt,
    card.lockedBy,
    card.lockedAt,
    card.hash,
  ]
}

export const cardLineColumns = (language: Language): Column[] => lineColumns(language).slice(1)

const lineColumns = (language: Language): Column[] => [
  { title: pick(language, '考核对象', 'Subject'), kind: 'text', width: 16 },
  { title: pick(language, '项目', 'Item'), kind: 'text', width: 10 },
  { title: pick(language, '权重', 'Weight'), kind: 'number', width: 8 },
  { title: pick(language, '实得率', 'Value'), kind: 'percent', width: 10 },
  { title: pick(language, '满分线', 'Full at'), kind: 'percent', width: 10 },
  { title: pick(language, '零分线', 'Nothing at'), kind: 'percent', width: 10 },
  { title: pick(language, '扣分', 'Deduction'), kind: 'number', width: 8 },
  { title: pick(language, '依据', 'Basis'), kind: 'text', width: 10 },
  { title: pick(language, '来源', 'Source'), kind: 'text', width: 34 },
]

/** The lines of one card, as `cardLineColumns` says. */
export const cardLines = ({ lines, policy }: Scorecard, language: Language): Cell[][] =>
  lines.map(({ item, weight, value, deduction, basis, source }) => [
    nameOf('item', item, language),
    weight,
    value,
    policy.items[item].full,
    policy.items[item].zero,
    deduction,
    nameOf('basis', basis, language),
    source,
  ])
