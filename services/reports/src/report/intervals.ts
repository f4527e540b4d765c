/** 状态区间: every stretch of every device, read from the Record device by device while it is written. */
import type { DatabaseSync } from 'node:sqlite'
import { type Interval, inScope, type Rule, type Scope } from '@hub/contracts'
import type { Cell, Column, ReportDocument } from '../document.ts'
import type { IntervalsQuestion } from '../gathered.ts'
import { type Language, nameOf, pick } from '../words.ts'
import { type Asked, commonFacts, fileNameOf, periodFact } from './facts.ts'

type Device = {
  id: string
  name: string
  district: string
  application: string
  carrier: string
  pointType: string
  project: string
  zone: string
  from: number
  to: number | null
}
type Stretch = { device: Device; from: number; to: number; state: Interval['state']; rule: Rule; lasting: boolean }

/** Stretches are cut to the period, to now and to the time in service, so that their lengths add up to what was due and seen. */
export function intervalReport(sqlite: DatabaseSync, question: IntervalsQuestion, asked: Asked): ReportDocument {
  const { language, now } = asked
  const period = { from: question.from, to: Math.max(question.from, Math.min(question.to, now)) }
  const devices = devicesOf(sqlite, question, asked.scope)
  let done = 0
  const stretches = function* (): Generator<Stretch> {
    const read = sqlite.prepare(
      `SELECT from_at, to_at, state, rule FROM interval WHERE device = ?1 AND from_at < ?3 AND from_at >=
       coalesce((SELECT max(from_at) FROM interval WHERE device = ?1 AND from_at <= ?2), 0) ORDER BY from_at`,
    )
    for (const device of devices) {
      const [from, to] = [Math.max(period.from, device.from), Math.min(period.to, device.to ?? period.to)]
      if (from < to) yield* stretchesOf(device, read.all(device.id, from, to) as Row[], from, to)
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
          '按证据判定的状态，只列投用期间；豁免与更正不改写区间，另见“豁免与更正”。无区间的时间为未知。',
          'States as judged from evidence, in service only; exemptions and corrections never rewrite intervals: see their own report. Time without an interval is unknown.',
        ),
      ],
    ],
    tables: [
      {
        name: pick(language, '状态区间', 'Intervals'),
        columns: columns(language),
        rows: mapped(stretches, (stretch) => cells(stretch, language)),
      },
    ],
    json: answer({ asOf: now, ...period }, stretches),
    rows: undefined,
    share: () => (devices.length === 0 ? 1 : done / devices.length),
  }
}

type Row = { from_at: number; to_at: number | null; state: Interval['state']; rule: string }

function* stretchesOf(device: Device, rows: readonly Row[], from: number, to: number): Generator<Stretch> {
  for (const { from_at, to_at, state, rule } of rows) {
    const stretch = { from: Math.max(from, from_at), to: Math.min(to, to_at ?? to) }
    if (stretch.from < stretch.to)
      yield { device, ...stretch, state, rule: JSON.parse(rule), lasting: to_at === null && stretch.to === to }
  }
}

function devicesOf(sqlite: DatabaseSync, question: IntervalsQuestion, scope: Scope): Device[] {
  const rows = sqlite
    .prepare(
      `SELECT id, name, district, application, carrier, point_type AS pointType, coalesce(project, '') AS project,
       coalesce(zone, '') AS zone, in_service_from AS "from", in_service_to AS "to"
       FROM device WHERE in_service_from IS NOT NULL ORDER BY id`,
    )
    .all() as Device[]
  const among = (asked: readonly string[] | undefined, value: string) => !asked || asked.includes(value)
  return rows.filter(
    (d) =>
      inScope(scope, d.district) &&
      among(question.district, d.district) &&
      among(question.application, d.application) &&
      among(question.carrier, d.carrier) &&
      among(question.pointType, d.pointType) &&
      among(question.project, d.project) &&
      among(question.zone, d.zone) &&
      among(question.device, d.id),
  )
}

const columns = (language: Language): Column[] => [
  { title: pick(language, '设备编码', 'Device'), kind: 'text', width: 24 },
  { title: pick(language, '设备名称', 'Name'), kind: 'text', width: 28 },
  { title: pick(language, '区县', 'District'), kind: 'text', width: 12 },
  { title: pick(language, '应用', 'Application'), kind: 'text', width: 12 },
  { title: pick(language, '运营商', 'Carrier'), kind: 'text', width: 10 },
  { title: pick(language, '状态', 'State'), kind: 'text', width: 10 },
  { title: pick(language, '开始', 'From'), kind: 'instant', width: 20 },
  { title: pick(language, '结束', 'To'), kind: 'instant', width: 20 },
  { title: pick(language, '时长', 'Lasted'), kind: 'duration', width: 14 },
  { title: pick(language, '判定依据', 'Rule'), kind: 'text', width: 40 },
]

const cells = ({ device, from, to, state, rule, lasting }: Stretch, language: Language): Cell[] => [
  ...[device.id, device.name, nameOf('district', device.district, language)],
  ...[nameOf('application', device.application, language), nameOf('carrier', device.carrier, language)],
  ...[nameOf('state', state, language), from, to, to - from],
  lasting ? `${ruleText(rule, language)}${pick(language, '（持续中）', ' (still so)')}` : ruleText(rule, language),
]

function ruleText({ id, rung, reason, count }: Rule, language: Language): string {
  if (id === 'stale') return pick(language, '探测结果已过期', 'No look when due')
  if (id === 'never-seen') return pick(language, '尚无探测结果', 'Never looked at')
  const what = [
    ...(rung ? [nameOf('rung', rung, language)] : []),
    ...(reason ? [nameOf('reason', reason, language)] : []),
  ]
  return pick(language, `连续 ${count} 次：${what.join('，')}`, `${count} looks in a row: ${what.join(', ')}`)
}

const mapped = <T, U>(make: () => Iterable<T>, map: (one: T) => U): Iterable<U> => ({
  *[Symbol.iterator]() {
    for (const one of make()) yield map(one)
  },
})

/** `{ asOf, from, to, intervals: [{ device, from, to, state, rule }] }`. */
function answer(head: object, stretches: () => Iterable<Stretch>): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      yield `${JSON.stringify(head).slice(0, -1)},"intervals":[`
      let comma = ''
      for (const { device, from, to, state, rule } of stretches()) {
        yield `${comma}${JSON.stringify({ device: device.id, from, to, state, rule })}`
        comma = ',\n'
      }
      yield ']}'
    },
  }
}
