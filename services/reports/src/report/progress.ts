/** 建设进度: stages by group, and the S-curve against the dates of the plan. */
import type { DatabaseSync } from 'node:sqlite'
import { inScope, type Progress } from '@hub/contracts'
import { dayOf, type ProgressDevice, progressOf } from '@hub/core'
import { type Cell, type Column, type ReportDocument, whole } from '../document.ts'
import type { ProgressQuestion } from '../task.ts'
import { type Language, nameOf, pick } from '../words.ts'
import { type Asked, commonFacts, type Fact } from './facts.ts'

export function progressReport(sqlite: DatabaseSync, question: ProgressQuestion, asked: Asked): ReportDocument {
  const { language, now } = asked
  const { by } = question
  const today = dayOf(now)
  const progress: Progress = { asOf: now, ...progressOf(devicesOf(sqlite, question, asked), today, by) }
  const title = pick(language, '建设进度', 'Progress of the rollout')
  return whole({
    title,
    fileName: `${pick(language, title, 'progress')}_${today}`,
    facts: [
      ...commonFacts(asked, now),
      [
        pick(language, '口径', 'Rule'),
        pick(
          language,
          '各阶段为累计数：已验收的也计入已建成；逾期指计划日期已过而尚未投用。',
          'Cumulative: an accepted device has also been built. Late: planned for a day that is past, and not in service.',
        ),
      ],
      ...undated(progress, language),
    ],
    tables: [
      {
        name: title,
        columns: groupColumns(by, language),
        rows: [progress.total, ...progress.groups].map((row, n) => groupCells(row, n === 0, by, language)),
      },
      {
        name: pick(language, 'S 曲线', 'S-curve'),
        columns: curveColumns(language),
        rows: progress.curve.map((point): Cell[] => [
          point.day,
          point.planned,
          point.built,
          point.accepted,
          point.inService,
          point.retired,
        ]),
      },
    ],
    answer: progress,
  })
}

const groupNames = {
  district: ['区县', 'District'],
  carrier: ['运营商', 'Carrier'],
  project: ['项目', 'Project'],
} as const

const stageColumns = (language: Language): Column[] => [
  { title: pick(language, '规划', 'Planned'), kind: 'count', width: 10 },
  { title: pick(language, '建成', 'Built'), kind: 'count', width: 10 },
  { title: pick(language, '验收', 'Accepted'), kind: 'count', width: 10 },
  { title: pick(language, '投用', 'In service'), kind: 'count', width: 10 },
  { title: pick(language, '报废', 'Retired'), kind: 'count', width: 10 },
]
const groupColumns = (by: ProgressQuestion['by'], language: Language): Column[] => [
  { title: pick(language, groupNames[by][0], groupNames[by][1]), kind: 'text', width: 18 },
  ...stageColumns(language),
  { title: pick(language, '应投用', 'Due'), kind: 'count', width: 10 },
  { title: pick(language, '逾期', 'Late'), kind: 'count', width: 10 },
]
const curveColumns = (language: Language): Column[] => [
  { title: pick(language, '日期', 'Day'), kind: 'date', width: 14 },
  ...stageColumns(language),
]

function groupCells(row: Progress['total'], isTotal: boolean, by: ProgressQuestion['by'], language: Language): Cell[] {
  const key = row.key === '' ? pick(language, '（未填）', '(none)') : nameOf(by, row.key, language)
  return [
    isTotal ? pick(language, '合计', 'Total') : key,
    row.planned,
    row.built,
    row.accepted,
    row.inService,
    row.retired,
    row.due,
    row.late,
  ]
}

const undated = ({ undated: count }: Progress, language: Language): Fact[] =>
  count === 0
    ? []
    : [
        [
          pick(language, '缺日期', 'Undated'),
          pick(
            language,
            `${count} 台设备缺少已达阶段的日期，曲线中只计入末点`,
            `${count} devices name no date for a stage they have reached: the curve counts them at its end only`,
          ),
        ],
      ]

function devicesOf(
  sqlite: DatabaseSync,
  { district, carrier, project }: ProgressQuestion,
  { scope }: Asked,
): ProgressDevice[] {
  const dates = ['plannedAt', 'installTime', 'acceptedAt', 'inServiceAt', 'retiredAt'] as const
  const rows = sqlite
    .prepare(
      `SELECT district, carrier, project, stage, ${dates.map((date) => `json_extract(record, '$.${date}') AS ${date}`)}
       FROM registry_device JOIN registry_record USING (id)`,
    )
    .all() as ProgressDevice[]
  return rows.filter(
    (device) =>
      inScope(scope, device.district) &&
      (district === undefined || device.district === district) &&
      (carrier === undefined || device.carrier === carrier) &&
      (project === undefined || device.project === project),
  )
}
