/** What types of incidents are called in public alerts, and under which of the twelve categories of CAP they come. */
import type { CapAlert, CapCategory, IncidentClass, IncidentType } from '@hub/contracts'

type Event = { zh: string; en: string; category: CapCategory }
export const capEvents: Record<IncidentType, Event> = {
  flood: { zh: '洪涝', en: 'Flood', category: 'Met' },
  weather: { zh: '气象灾害', en: 'Severe weather', category: 'Met' },
  geological: { zh: '地质灾害', en: 'Geological hazard', category: 'Geo' },
  earthquake: { zh: '地震', en: 'Earthquake', category: 'Geo' },
  'forest-fire': { zh: '森林火灾', en: 'Forest fire', category: 'Fire' },
  fire: { zh: '火灾', en: 'Fire', category: 'Fire' },
  traffic: { zh: '交通事故', en: 'Traffic accident', category: 'Transport' },
  'hazardous-material': { zh: '危险化学品事故', en: 'Hazardous material', category: 'CBRNE' },
  gas: { zh: '燃气事故', en: 'Gas leak', category: 'Infra' },
  collapse: { zh: '坍塌', en: 'Collapse', category: 'Safety' },
  utility: { zh: '市政设施事故', en: 'Utility failure', category: 'Infra' },
  pollution: { zh: '环境污染', en: 'Pollution', category: 'Env' },
  epidemic: { zh: '传染病疫情', en: 'Epidemic', category: 'Health' },
  food: { zh: '食品安全事件', en: 'Food safety', category: 'Health' },
  animal: { zh: '动物疫情', en: 'Animal disease', category: 'Health' },
  crowd: { zh: '人员聚集', en: 'Crowd', category: 'Safety' },
  'public-order': { zh: '社会治安事件', en: 'Public order', category: 'Security' },
  'missing-person': { zh: '人员走失', en: 'Missing person', category: 'Rescue' },
}

/** What the words of an alert say of its type, before its category does. */
const byWord: readonly [RegExp, IncidentType][] = [
  [/森林|forest|wildfire/i, 'forest-fire'],
  [/地震|earthquake/i, 'earthquake'],
  [/洪|内涝|积水|flood/i, 'flood'],
  [/燃气|天然气|gas leak/i, 'gas'],
  [/食品|food/i, 'food'],
]
const byCategory: Record<CapCategory, IncidentType> = {
  Geo: 'geological',
  Met: 'weather',
  Safety: 'crowd',
  Security: 'public-order',
  Rescue: 'missing-person',
  Fire: 'fire',
  Health: 'epidemic',
  Env: 'pollution',
  Transport: 'traffic',
  Infra: 'utility',
  CBRNE: 'hazardous-material',
  Other: 'utility',
}
const colours = { red: /红色|\bred\b/i, orange: /橙色|\borange\b/i, yellow: /黄色|\byellow\b/i, blue: /蓝色|\bblue\b/i }
export type CapColour = keyof typeof colours

/** The info for people here: in Chinese, or the first. */
export const ownInfo = ({ info = [] }: CapAlert) =>
  info.find(({ language }) => /^zh\b/i.test(language ?? '')) ?? info[0]

export function capTypeOf(alert: CapAlert): IncidentType {
  const info = ownInfo(alert)
  const words = `${info?.event ?? ''} ${info?.headline ?? ''}`
  return byWord.find(([word]) => word.test(words))?.[1] ?? byCategory[info?.category[0] ?? 'Other']
}

/** The colour that is said; it is no level of an incident, and is not made from a severity. */
export function capColourOf(alert: CapAlert): CapColour | null {
  const info = ownInfo(alert)
  const said = info?.parameter?.filter(({ valueName }) => /colou?r|预警颜色/i.test(valueName)).map(({ value }) => value)
  const words = [...(said ?? []), info?.headline ?? '', info?.event ?? '']
  const names = Object.keys(colours) as CapColour[]
  return words.map((text) => names.find((name) => colours[name].test(text))).find(Boolean) ?? null
}

export const classOfType = (types: Record<IncidentClass, readonly string[]>, type: IncidentType): IncidentClass =>
  (Object.keys(types) as IncidentClass[]).find((name) => types[name].includes(type))!
