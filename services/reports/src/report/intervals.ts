/** 状态区间: every stretch of every device, what it was and what it counts as, read from the Record device by device while it is written. */
import type { DatabaseSync } from 'node:sqlite'
import {
  type Adjustment,
  type CountedState,
  type Interval,
  inScope,
  type JudgedBy,
  type Rule,
  type Scope,
  type UptimeViews,
} from '@hub/contracts'
import {
  type AdjustableDevice,
  type Claiming,
  covers,
  indexAdjustments,
  onlineRate,
  type Span,
  type Stretch,
  stretchesOf,
  type Totals,
  windowsOf,
} from '@hub/core'
import type { Cell, Column, ReportDocument } from '../document.ts'
import type { IntervalsQuestion } from '../task.ts'
import { type Language, nameOf, pick } from '../words.ts'
import { type Asked, commonFacts, fileNameOf, judgingFacts, periodFact } from './facts.ts'

/** A device under one set of attributes. */
type Device = AdjustableDevice & {
  name: string
  pointType: string
  project: string
  zone: string
  from: number
  to: number | null
}
type Evidence = Span & { state: Interval['state']; rule: Rule; open: boolean }
type Row = Stretch<Evidence> & { device: Device; adjustment: ApprovedAdjustment | null }

/**
 * Rows are cut to the period, to now and to the time in service, and where an exemption or correction begins or ends: what they count as adds
 * up to the online-rate report of the same devices and period, to the millisecond.
 */
export function intervalReport(
  sqlite: DatabaseSync,
  question: IntervalsQuestion,
  judging: readonly JudgedBy[],
  asked: Asked,
): ReportDocument {
  const { language, now } = asked
  const period = { from: question.from, to: Math.max(question.from, Math.min(question.to, now)) }
  const devices = devicesOf(sqlite, question, asked.scope)
  const adjustments = readApproved(sqlite)
  const index = indexAdjustments(adjustments)
  let done = 0
  let totals: Totals = { ...nothing }
  const rows = function* (): Generator<Row> {
    const read = sqlite.prepare(
      `SELECT from_at, to_at, state, rule FROM ingest_interval WHERE device = ?1 AND from_at < ?3 AND from_at >=
       coalesce((SELECT max(from_at) FROM ingest_interval WHERE device = ?1 AND from_at <= ?2), 0) ORDER BY from_at`,
    )
    totals = { ...nothing }
    for (const device of devices) {
      const due = { from: Math.max(period.from, device.from), to: Math.min(period.to, device.to ?? period.to) }
      if (due.from < due.to) {
        const evidence = (read.all(device.id, due.from, due.to) as IntervalRow[]).map((row) => evidenceOf(row, due.to))
        const touching = adjustments.length > 0 ? index.touching(due).filter((one) => covers(one, device)) : []
        for (const stretch of stretchesOf(evidence, due, index.claims(device, due))) {
          totals[stretch.countAs] += stretch.to - stretch.from
          yield { ...stretch, device, adjustment: stretch.claimed ? counting(touching, stretch) : null }
        }
      }
      done++
    }
  }
  return {
    title: pick(language, '设备状态区间', 'Intervals of devices'),
    fileName: fileNameOf(pick(language, '状态区间', 'intervals'), period.from, period.to),
    facts: [
      periodFact(language, period.from, period.to),
      ...commonFacts(asked, now),
      [
        pick(language, '口径', 'Rule'),
        pick(
          language,
          '“状态”按证据判定，豁免与更正不改写；“计为”是计入在线率的结果，各行时长之和与同期在线率报表一致。只列投用期间；无区间的时间为未知。',
          'State is judged from evidence and never rewritten; “counts as” is what the online rate counts: the rows add up to the online-rate report of the same period. In service only; time without an interval is unknown.',
        ),
      ],
      ...judgingFacts(judging, language),
    ],
    tables: [
      {
        name: pick(language, '状态区间', 'Intervals'),
        columns: columns(language),
        rows: mapped(rows, (row) => cells(row, language)),
      },
      // Written after the rows that it is the sum of.
      {
        name: pick(language, '合计', 'Totals'),
        columns: totalColumns(language),
        rows: mapped(
          () => [0],
          () => sums(totals),
        ),
      },
    ],
    json: answer({ asOf: now, ...period, judging }, rows, () => totals),
    rows: undefined,
    share: () => (devices.length === 0 ? 1 : done / devices.length),
  }
}

const nothing: Totals = { up: 0, down: 0, unknown: 0, exempt: 0 }

type IntervalRow = { from_at: number; to_at: number | null; state: Interval['state']; rule: string }

const evidenceOf = ({ from_at, to_at, state, rule }: IntervalRow, end: number): Evidence => ({
  from: from_at,
  to: to_at ?? end,
  state,
  rule: JSON.parse(rule),
  open: to_at === null,
})

/** Which of those that cover the device made the stretch count as it does. */
const counting = (touching: readonly ApprovedAdjustment[], { from, to, countAs }: Stretch<Evidence>) =>
  touching
    .filter((one) => one.countAs === countAs && windowsOf(one, { from, to }).length > 0)
    .reduce<ApprovedAdjustment | null>((a, b) => (a && (a.decidedAt ?? 0) >= (b.decidedAt ?? 0) ? a : b), null)

type ApprovedAdjustment = Claiming & Pick<Adjustment, 'id' | 'kind' | 'reason'>

function readApproved(sqlite: DatabaseSync): ApprovedAdjustment[] {
  const rows = sqlite
    .prepare(
      `SELECT id, kind, count_as, scope, within, from_at, to_at, recurrence, reason, decided_at FROM uptime_adjustment
       WHERE status = 'approved' AND kind <> 'record' ORDER BY decided_at, id`,
    )
    .all() as unknown as UptimeViews['uptime_adjustment'][]
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind as Adjustment['kind'],
    countAs: row.count_as as CountedState,
    status: 'approved',
    scope: JSON.parse(row.scope),
    within: JSON.parse(row.within),
    from: row.from_at,
    to: row.to_at,
    ...(row.recurrence !== null && { recurrence: JSON.parse(row.recurrence) }),
    reason: row.reason,
    decidedAt: row.decided_at,
  }))
}

function devicesOf(sqlite: DatabaseSync, question: IntervalsQuestion, scope: Scope): Device[] {
  const rows = sqlite
    .prepare(
      `SELECT t.id, d.name, t.district, t.kind, t.application, t.carrier, t.pole, t.feed, t.point_type AS pointType, t.project, t.zone,
       t.in_service_from AS "from", t.in_service_to AS "to"
       FROM registry_tenure t JOIN registry_device d ON d.id = t.id WHERE t.in_service_from IS NOT NULL ORDER BY t.id, t.valid_from`,
    )
    .all() as Device[]
  const among = (wanted: readonly string[] | undefined, value: string) => !wanted || wanted.includes(value)
  const named = question.device && new Set<string>(question.device)
  return rows.filter(
    (d) =>
      inScope(scope, d.district) &&
      among(question.district, d.district) &&
      among(question.application, d.application) &&
      among(question.carrier, d.carrier) &&
      among(question.pointType, d.pointType) &&
      among(question.project, d.project) &&
      among(question.zone, d.zone) &&
      (!named || named.has(d.id)),
  )
}

const columns = (language: Language): Column[] => [
  { title: pick(language, '设备编码', 'Device'), kind: 'text', width: 24 },
  { title: pick(language, '设备名称', 'Name'), kind: 'text', width: 28 },
  { title: pick(language, '区县', 'District'), kind: 'text', width: 12 },
  { title: pick(language, '应用', 'Application'), kind: 'text', width: 12 },
  { title: pick(language, '运营商', 'Carrier'), kind: 'text', width: 10 },
  { title: pick(language, '状态', 'State'), kind: 'text', width: 10 },
  { title: pick(language, '计为', 'Counts as'), kind: 'text', width: 10 },
  { title: pick(language, '开始', 'From'), kind: 'moment', width: 24 },
  { title: pick(language, '结束', 'To'), kind: 'moment', width: 24 },
  { title: pick(language, '时长', 'Lasted'), kind: 'duration', width: 16 },
  { title: pick(language, '判定依据', 'Rule'), kind: 'text', width: 40 },
  { title: pick(language, '豁免与更正', 'Adjustment'), kind: 'text', width: 34 },
  { title: pick(language, '豁免与更正编号', 'Adjustment id'), kind: 'text', width: 38 },
]

const totalColumns = (language: Language): Column[] => [
  { title: pick(language, '在线率', 'Online rate'), kind: 'percent', width: 12 },
  { title: pick(language, '在线时长', 'Up'), kind: 'duration', width: 16 },
  { title: pick(language, '离线时长', 'Down'), kind: 'duration', width: 16 },
  { title: pick(language, '未知时长', 'Unknown'), kind: 'duration', width: 16 },
  { title: pick(language, '豁免时长', 'Exempt'), kind: 'duration', width: 16 },
]
const sums = (totals: Totals): Cell[] => [onlineRate(totals), totals.up, totals.down, totals.unknown, totals.exempt]

const cells = ({ device, from, to, interval, countAs, adjustment }: Row, language: Language): Cell[] => [
  device.id,
  device.name,
  nameOf('district', device.district, language),
  nameOf('application', device.application, language),
  nameOf('carrier', device.carrier, language),
  nameOf('state', interval?.state ?? 'unknown', language),
  nameOf('state', countAs, language),
  from,
  to,
  to - from,
  ruleText(interval, to, language),
  adjustment && `${nameOf('kind', adjustment.kind, language)}${pick(language, '：', ': ')}${adjustment.reason}`,
  adjustment?.id ?? null,
]

function ruleText(interval: Evidence | null, to: number, language: Language): string {
  if (interval === null) return pick(language, '无区间', 'No interval')
  const text = ruleWords(interval.rule, language)
  return interval.open && interval.to === to ? `${text}${pick(language, '（持续中）', ' (still so)')}` : text
}

function ruleWords({ id, rung, reason, count }: Rule, language: Language): string {
  if (id === 'stale') return pick(language, '探测结果已过期', 'No probe result when due')
  if (id === 'never-seen') return pick(language, '尚无探测结果', 'Never probed')
  const what = [
    ...(rung ? [nameOf('rung', rung, language)] : []),
    ...(reason ? [nameOf('reason', reason, language)] : []),
  ]
  return pick(language, `连续 ${count} 次：${what.join('，')}`, `${count} probes in a row: ${what.join(', ')}`)
}

const mapped = <T, U>(make: () => Iterable<T>, map: (one: T) => U): Iterable<U> => ({
  *[Symbol.iterator]() {
    for (const one of make()) yield map(one)
  },
})

/** `{ asOf, from, to, judging, intervals: [{ device, from, to, state, rule, countAs, adjustment }], totals: { up, down, unknown, exempt } }`; ms. */
function answer(head: object, rows: () => Iterable<Row>, totals: () => Totals): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      yield `${JSON.stringify(head).slice(0, -1)},"intervals":[`
      let comma = ''
      for (const { device, from, to, interval, countAs, adjustment } of rows()) {
        const { state = 'unknown', rule = null } = interval ?? {}
        const row = { device: device.id, from, to, state, rule, countAs, adjustment: adjustment?.id ?? null }
        yield `${comma}${JSON.stringify(row)}`
        comma = ',\n'
      }
      yield `],"totals":${JSON.stringify(totals())}}`
    },
  }
}
