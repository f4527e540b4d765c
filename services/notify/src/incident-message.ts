/** Incidents in words: a drill says that it is one before anything else. */
import type { IncidentStatus, IncidentType, LimitedStep } from '@hub/contracts'
import type { IncidentNotice } from '@hub/core'
import type { IncidentItem } from './incident-notifier.ts'
import { plain } from './plain.ts'
import type { NewNotification } from './queue.ts'
import { districtWords, durationWords, type Language, timeWords } from './words.ts'

type Texts = Record<Language, string>
type Recipient = { id: string; language: Language }

const types: Record<IncidentType, Texts> = {
  flood: { zh: '洪涝', en: 'flood' },
  weather: { zh: '气象灾害', en: 'severe weather' },
  geological: { zh: '地质灾害', en: 'geological disaster' },
  earthquake: { zh: '地震', en: 'earthquake' },
  'forest-fire': { zh: '森林火灾', en: 'forest fire' },
  fire: { zh: '火灾', en: 'fire' },
  traffic: { zh: '交通事故', en: 'traffic accident' },
  'hazardous-material': { zh: '危险化学品', en: 'hazardous material' },
  gas: { zh: '燃气', en: 'gas' },
  collapse: { zh: '坍塌', en: 'collapse' },
  utility: { zh: '供水供电供气', en: 'water, power or gas supply' },
  pollution: { zh: '环境污染', en: 'pollution' },
  epidemic: { zh: '传染病', en: 'epidemic' },
  food: { zh: '食品安全', en: 'food safety' },
  animal: { zh: '动物疫情', en: 'animal disease' },
  crowd: { zh: '人群聚集', en: 'crowd' },
  'public-order': { zh: '社会治安', en: 'public order' },
  'missing-person': { zh: '人员失联', en: 'missing person' },
}

const ends: Partial<Record<IncidentStatus, Texts>> = {
  dismissed: { zh: '已排除：不是事件', en: 'Dismissed: it was no incident' },
  merged: { zh: '已并入另一事件', en: 'Merged into another one' },
}

const steps: Record<LimitedStep, Texts> = {
  verify: { zh: '核实', en: 'verify' },
  grade: { zh: '定级', en: 'grade' },
  dispatch: { zh: '派出', en: 'dispatch' },
  sign: { zh: '签收', en: 'sign' },
  depart: { zh: '出发', en: 'depart' },
  arrive: { zh: '到场', en: 'arrive' },
  end: { zh: '结束', en: 'end' },
  review: { zh: '评估', en: 'review' },
  archive: { zh: '归档', en: 'archive' },
}

const notices: Record<IncidentNotice, Texts> = {
  'incident-opened': { zh: '应急事件', en: 'Incident' },
  'incident-escalated': { zh: '应急事件升级', en: 'Incident escalated' },
  'incident-overtime': { zh: '应急事件超时', en: 'Incident overtime' },
  'incident-ended': { zh: '应急事件结束', en: 'Incident ended' },
  'incident-reopened': { zh: '应急事件重新打开', en: 'Incident opened anew' },
}

const roman = ['I', 'II', 'III', 'IV']
const levelWords = (level: number | null, language: Language): string => {
  if (level === null) return language === 'zh' ? '未定级' : 'not graded'
  return language === 'zh' ? `${roman[level - 1]} 级` : `level ${roman[level - 1]}`
}

const pathOf = (id: string): string => `/emergency/${encodeURIComponent(id)}`

export function composeIncident({ id, language }: Recipient, item: IncidentItem, now: number): NewNotification {
  const { notice, incident } = item
  const { key, districts, state } = incident
  const zh = language === 'zh'
  const label = (name: [string, string], value: string) => (zh ? `${name[0]}：${value}` : `${name[1]}: ${value}`)
  const clock = zh ? '（北京时间）' : ' (Asia/Shanghai)'
  const place = [districtWords(districts, language), plain(state.address)].filter(Boolean).join(zh ? '，' : ', ')
  const lines = [
    label(['编号', 'Number'], state.number),
    label(['类型', 'Type'], types[state.type][language]),
    label(['级别', 'Level'], levelWords(state.level, language)),
    label(['地点', 'Place'], place),
    label(['发生', 'Occurred'], `${timeWords(state.occurredAt)}${clock}`),
    ...state.overtime.map((limit) => limitLine(limit, now, language)),
    ...(incident.ended ? [endLine(item, language)] : []),
    label(['详情', 'Details'], pathOf(key)),
  ]
  return {
    channel: id,
    kind: notice,
    outage: null,
    districts,
    subject: subjectOf(item, language),
    body: lines.join('\n'),
    facts: JSON.stringify([factsOf(item)]),
  }
}

/** @param items more than a few */
export function composeIncidents({ id, language }: Recipient, items: readonly IncidentItem[]): NewNotification {
  const shown = 15
  const lines = items.slice(0, shown).map((item) => `${subjectOf(item, language)} ${pathOf(item.incident.key)}`)
  const more = items.length - lines.length
  const zh = language === 'zh'
  if (more > 0) lines.push(zh ? `另有 ${more} 起，见 /emergency` : `and ${more} more, see /emergency`)
  const allDrills = items.every(({ incident }) => incident.state.drill)
  return {
    channel: id,
    kind: 'incidents',
    outage: null,
    subject: `${drillMark(allDrills, language)}${zh ? `应急事件汇总：${items.length} 起` : `${items.length} incidents together`}`,
    body: lines.join('\n'),
    facts: JSON.stringify(items.slice(0, 200).map(factsOf)),
  }
}

const drillMark = (drill: boolean, language: Language) => (drill ? (language === 'zh' ? '【演练】' : '[DRILL] ') : '')

function subjectOf({ notice, incident: { state, districts } }: IncidentItem, language: Language): string {
  const [what, level, where] = [
    notices[notice][language],
    levelWords(state.level, language),
    districtWords(districts, language),
  ]
  const title = plain(state.title)
  const mark = drillMark(state.drill, language)
  return language === 'zh'
    ? `${mark}${what}：${title}（${level}，${where}）`
    : `${mark}${what}: ${title} (${level}, ${where})`
}

function limitLine(
  { step, unit, due, colour }: IncidentItem['incident']['state']['overtime'][number],
  now: number,
  language: Language,
): string {
  const who = unit === null ? '' : plain(unit)
  const left = durationWords(Math.max(1_000, Math.abs(due - now)), language)
  if (language === 'zh')
    return `${colour === 'red' ? '红牌' : '黄牌'}：${who}${steps[step].zh}${colour === 'red' ? `已超时 ${left}` : `还剩 ${left}`}`
  const of = who === '' ? steps[step].en : `${steps[step].en} (${who})`
  return `${colour === 'red' ? 'Red' : 'Yellow'}: ${of} ${colour === 'red' ? `is ${left} late` : `must be done in ${left}`}`
}

function endLine({ incident: { state } }: IncidentItem, language: Language): string {
  const special = ends[state.status]
  if (special) return special[language]
  const zh = language === 'zh'
  if (state.endedAt === null) return zh ? '已结束' : 'It has ended'
  const lasted = durationWords(state.endedAt - state.acceptedAt, language)
  return zh
    ? `结束：${timeWords(state.endedAt)}，历时 ${lasted}`
    : `Ended: ${timeWords(state.endedAt)}, after ${lasted}`
}

const factsOf = ({ notice, incident: { key, districts, state } }: IncidentItem) => ({
  what: notice,
  incident: key,
  districts,
  ...state,
})
