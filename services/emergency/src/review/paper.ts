/** The review of an incident as it is printed and filed: facts, steps against limits, who and what took part, and its whole log. */
import type { Incident, IncidentEntry, StepTime } from '@hub/contracts'
import { cityTime } from '@hub/core'
import type { Language, Paper } from '@hub/platform'
import { districtOf, nameOf, pick, typeOf } from './words.ts'

type Table = Paper['tables'][number]
type Printed = { now: number; user: string; provenance: string }

/** The caller stands masked on it, as everywhere. @param times of its steps up to now */
export function reviewPaper(
  incident: Incident,
  times: readonly StepTime[],
  printed: Printed,
  language: Language,
): Paper {
  const { number, title, drill } = incident
  return {
    title: pick(language, `${number} ${title} 复盘报告`, `Review of ${number} ${title}`),
    mark: drill ? pick(language, '演练', 'DRILL — Exercise only') : null,
    facts: factsOf(incident, printed, language),
    tables: [
      timesTable(times, language),
      unitsTable(incident, language),
      camerasTable(incident, language),
      actionsTable(incident, language),
      ...planTable(incident, language),
      logTable(incident, language),
    ],
  }
}

function factsOf(incident: Incident, { now, user, provenance }: Printed, language: Language): Paper['facts'] {
  const say = (zh: string, en: string) => pick(language, zh, en)
  const { level, status, address, point, casualties, origin, caller, duty, log, description } = incident
  const { dead, injured, missing } = casualties
  const notes = (step: IncidentEntry['step']) => log.filter((entry) => entry.step === step && entry.note)
  const kind = `${nameOf('class', incident.class, language)} · ${typeOf(incident, language)}`
  const place = point ? `（${point.longitude.toFixed(5)}, ${point.latitude.toFixed(5)}）` : ''
  const times = [incident.occurredAt, incident.reportedAt, incident.acceptedAt].map(cityTime).join(' → ')
  const called = caller && [caller.name, caller.phone].filter(Boolean).join(' ')
  const facts: [string, string | null][] = [
    [say('级别', 'Level'), level === null ? say('未定级', 'Not graded') : nameOf('level', level, language)],
    [say('类别', 'Kind'), kind],
    [say('状态', 'State'), nameOf('status', status, language)],
    [say('来源', 'Source'), `${nameOf('source', origin.source, language)} ${origin.reference ?? ''}`.trim()],
    [say('地点', 'Place'), `${districtOf(incident, language)} ${address}${place}`],
    [say('发生 → 报告 → 接报', 'Occurred → reported → taken in'), times],
    [say('结束', 'Ended'), incident.endedAt === null ? null : cityTime(incident.endedAt)],
    [say('值班单位', 'Duty unit'), duty],
    [say('报告人', 'Caller'), called || null],
    [
      say('伤亡', 'Casualties'),
      say(`死亡 ${dead} · 受伤 ${injured} · 失踪 ${missing}`, `dead ${dead} · injured ${injured} · missing ${missing}`),
    ],
    [say('情况', 'Description'), description || null],
    ...notes('review').map(({ note, actor, at }): [string, string | null] => [
      say('复盘意见', 'Review note'),
      `${note}（${actor} ${cityTime(at)}）`,
    ]),
    [say('时限依据', 'Limits'), provenance],
    [say('打印', 'Printed'), `${user} ${cityTime(now)}${say('（北京时间）', ' (UTC+8)')}`],
  ]
  return facts.filter((fact): fact is [string, string] => fact[1] !== null)
}

const column = (title: string, width: number, kind: Table['columns'][number]['kind'] = 'text') => ({
  title,
  kind,
  width,
})

function timesTable(times: readonly StepTime[], language: Language): Table {
  const say = (zh: string, en: string) => pick(language, zh, en)
  return {
    name: say('各环节用时与时限', 'Steps against their limits'),
    columns: [
      column(say('环节', 'Step'), 10),
      column(say('单位', 'Unit'), 16),
      column(say('完成时间', 'Taken'), 20, 'instant'),
      column(say('用时', 'Took'), 10, 'duration'),
      column(say('时限', 'Limit'), 10, 'duration'),
      column(say('超时', 'Late by'), 10, 'duration'),
    ],
    rows: times.map(({ step, unit, from, due, at, lateMs }) => [
      nameOf('step', step, language),
      unit,
      at,
      at === null ? null : at - from,
      due - from,
      lateMs === 0 ? null : lateMs,
    ]),
  }
}

function unitsTable({ units }: Incident, language: Language): Table {
  const step = (name: string) => column(nameOf('step', name, language), 20, 'instant')
  return {
    name: pick(language, '处置单位', 'Units'),
    columns: [
      column(pick(language, '单位', 'Unit'), 16),
      column(pick(language, '分工', 'Part'), 8),
      ...['dispatch', 'sign', 'depart', 'arrive'].map(step),
    ],
    rows: units.map(({ unit, part, dispatchedAt, signedAt, departedAt, arrivedAt }) => [
      unit,
      nameOf('part', part, language),
      dispatchedAt,
      signedAt,
      departedAt,
      arrivedAt,
    ]),
  }
}

function camerasTable({ cameras }: Incident, language: Language): Table {
  return {
    name: pick(language, '选用的摄像机', 'Cameras'),
    columns: [
      column(pick(language, '摄像机', 'Camera'), 24),
      column(pick(language, '距离（米）', 'Metres'), 10, 'count'),
      column(pick(language, '能否看到', 'Sight'), 16),
      column(pick(language, '预置位', 'Preset'), 12),
      column(pick(language, '选用时间', 'Chosen'), 20, 'instant'),
    ],
    rows: cameras.map(({ name, metres, sighting, preset, chosenAt }) => [
      name,
      Math.round(metres),
      nameOf('sight', sighting, language),
      preset?.name ?? null,
      chosenAt,
    ]),
  }
}

function actionsTable({ runs }: Incident, language: Language): Table {
  const rows = runs
    .toReversed()
    .flatMap(({ ruleName, dry, actions }) =>
      actions.map(({ kind, target, targetName, state, reason, finishedAt }) => [
        dry ? `${ruleName}${pick(language, '（试运行）', ' (dry run)')}` : ruleName,
        nameOf('action', kind, language),
        targetName ?? target,
        [nameOf('run', state, language), reason && nameOf('reason', reason, language)].filter(Boolean).join(' · '),
        finishedAt,
      ]),
    )
  return {
    name: pick(language, '联动动作', 'Linkage actions'),
    columns: [
      column(pick(language, '规则', 'Rule'), 16),
      column(pick(language, '动作', 'Action'), 14),
      column(pick(language, '对象', 'Target'), 18),
      column(pick(language, '结果', 'Result'), 20),
      column(pick(language, '时间', 'Time'), 20, 'instant'),
    ],
    rows,
  }
}

function planTable({ plan }: Incident, language: Language): Table[] {
  if (!plan) return []
  return [
    {
      name: pick(language, `预案：${plan.name} v${plan.version}`, `Plan: ${plan.name} v${plan.version}`),
      columns: [
        column(pick(language, '做什么', 'What'), 26),
        column(pick(language, '由谁', 'Role'), 14),
        column(pick(language, '状态', 'State'), 8),
        column(pick(language, '时间', 'Time'), 20, 'instant'),
        column(pick(language, '经手', 'By'), 10),
        column(pick(language, '备注', 'Note'), 20),
      ],
      rows: plan.steps.map(({ title, role, assignee, state, at, by, note }) => [
        title,
        [role, assignee].filter(Boolean).join(' · '),
        nameOf('plan', state, language),
        at,
        by,
        note,
      ]),
    },
  ]
}

function logTable({ log }: Incident, language: Language): Table {
  return {
    name: pick(language, '日志', 'Log'),
    columns: [
      column(pick(language, '时间', 'Time'), 20, 'instant'),
      column(pick(language, '谁', 'Who'), 12),
      column(pick(language, '事项', 'What'), 12),
      column(pick(language, '内容', 'Particulars'), 26),
      column(pick(language, '备注', 'Note'), 26),
    ],
    rows: log.map((entry) => [
      entry.at,
      entry.actor === 'hub' ? pick(language, '系统', 'Hub') : entry.actor,
      entry.step ? nameOf('step', entry.step, language) : nameOf('entry', entry.kind, language),
      particularsOf(entry, language),
      entry.note,
    ]),
  }
}

/** What a reader knows by name; codes and keys are for programs. */
const said = ['title', 'name', 'unit', 'units', 'to', 'duty', 'role', 'assignee', 'preset', 'number', 'headline']

function particularsOf({ kind, step, detail }: IncidentEntry, language: Language): string | null {
  if (kind === 'detail') return changesOf(detail, language)
  const parts = said.flatMap((name) => (detail[name] ? [String(detail[name])] : []))
  if (typeof detail.level === 'number') parts.unshift(nameOf('level', detail.level, language))
  if (kind === 'warning' && detail.step) parts.unshift(nameOf('step', String(detail.step), language))
  if (kind === 'warning' && detail.colour) parts.push(nameOf('said', String(detail.colour), language))
  if (step === 'receive') parts.unshift(nameOf('source', String(detail.source), language))
  const act = detail.joined === true ? 'joined' : detail.act
  if (typeof act === 'string') parts.unshift(nameOf('said', act, language))
  return parts.join(' · ') || null
}

const changesOf = (detail: IncidentEntry['detail'], language: Language): string =>
  Object.keys(detail)
    .filter((name) => !name.endsWith('Was'))
    .map((name) => `${nameOf('field', name, language)} ${detail[`${name}Was`] ?? '—'} → ${detail[name] ?? '—'}`)
    .join(' · ')
