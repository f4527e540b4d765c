/** Outages in words, Chinese and English. */
import { type Cause, type CauseEvidence, type CauseKind, type DistrictCode, districts } from '@hub/contracts'
import type { DecisionKind } from '@hub/core'
import { plain } from './plain.ts'
import type { OutageSubject } from './subjects.ts'

export type Language = 'zh' | 'en'

const districtName = (code: string, language: Language): string =>
  districts.find((d) => d.code === code)?.[language] ?? plain(code)

/** At most six by name. */
export function districtWords(codes: readonly DistrictCode[], language: Language): string {
  const names = codes.slice(0, 6).map((code) => districtName(code, language))
  const more = codes.length - names.length
  if (language === 'zh') return names.join('、') + (more > 0 ? ` 等 ${codes.length} 个区县` : '')
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '')
}

const carrierNames: Record<string, Record<Language, string>> = {
  telecom: { zh: '电信', en: 'Telecom' },
  mobile: { zh: '移动', en: 'Mobile' },
  unicom: { zh: '联通', en: 'Unicom' },
  cable: { zh: '广电', en: 'Cable' },
}

const kinds: Record<CauseKind, Record<Language, string>> = {
  device: { zh: '设备', en: 'device' },
  flapping: { zh: '设备', en: 'device' },
  port: { zh: '交换机端口', en: 'switch port' },
  pole: { zh: '杆位', en: 'pole' },
  place: { zh: '同一位置', en: 'place' },
  recorder: { zh: '录像机', en: 'recorder' },
  switch: { zh: '交换机', en: 'switch' },
  feed: { zh: '供电回路', en: 'power feed' },
  cohort: { zh: '以往同时失联的设备组', en: 'group that failed together before' },
  subnet: { zh: '网段', en: 'subnet' },
  line: { zh: '线路', en: 'line' },
  gateway: { zh: '网关', en: 'gateway' },
  district: { zh: '区县', en: 'district' },
  attribute: { zh: '共同属性', en: 'what they share:' },
  moment: { zh: '同一时刻', en: 'the same moment' },
  other: { zh: '其他', en: 'other' },
}

const attributes: Record<string, Record<Language, string>> = {
  model: { zh: '型号', en: 'model' },
  firmware: { zh: '固件', en: 'firmware' },
  credential: { zh: '口令', en: 'credential' },
  maintainer: { zh: '维护单位', en: 'maintainer' },
}

/** The thing that failed: `交换机 QD-03`, `district Qidong`, a camera by its name. */
export function causeWords(cause: Pick<Cause, 'kind' | 'key'>, name: string | null, language: Language): string {
  const { kind, key } = cause
  if (kind === 'attribute') {
    const [attribute = '', ...value] = key.split(':')
    return `${attributes[attribute]?.[language] ?? plain(attribute)} ${plain(value.join(':'))}`
  }
  if (kind === 'moment') return momentWords(key, language)
  if (kind === 'other') return plain(key)
  const area = kind === 'place' ? key.match(areaShape) : null
  if (area) {
    const [, at = '', metres = ''] = area
    return language === 'zh' ? `${at} 周围 ${metres} 米` : `area of ${metres} m around ${at}`
  }
  if (kind === 'line') {
    const [carrier = '', district = ''] = key.split('/')
    const of = carrierNames[carrier]?.[language] ?? plain(carrier)
    const at = districtName(district, language)
    return language === 'zh' ? `${at}${of}线路` : `${of} line in ${at}`
  }
  const what = kinds[kind][language]
  if (kind === 'district') return language === 'zh' ? districtName(key, 'zh') : `${what} ${districtName(key, 'en')}`
  return `${what} ${plain((kind === 'device' || kind === 'flapping') && name !== null ? name : key)}`
}

/** `112.6026,26.8910/800` */
const areaShape = /^([\d.]+,[\d.]+)\/(\d+)$/

/** `衡南县电信线路内，同一时刻，上级不明` */
function momentWords(key: string, language: Language): string {
  const within = key.slice(0, key.lastIndexOf('@'))
  const cut = within.indexOf(':')
  const unknown = language === 'zh' ? '同一时刻，上级不明' : 'the same moment, parent unknown'
  if (cut < 0) return unknown
  const thing = causeWords({ kind: within.slice(0, cut) as CauseKind, key: within.slice(cut + 1) }, null, language)
  return language === 'zh' ? `${unknown}（${thing}）` : `${unknown} (${thing})`
}

/** Why it is believed: `交换机 QD-03 下的 214 台中有 212 台在 9 秒内失联`. */
export function evidenceWords(
  cause: Cause,
  { down, of, withinMs }: CauseEvidence,
  name: string | null,
  language: Language,
): string {
  const thing = causeWords(cause, name, language)
  const { kind, mode } = cause
  const within = durationWords(Math.max(1_000, withinMs), language)
  if (language === 'zh') {
    if (kind === 'flapping') return `${thing} 反复上下线`
    if (kind === 'device') return `${thing} 失联`
    if (mode === 'blind') return `${thing} 报告自身网络中断，其下 ${of} 台设备状态未知`
    if (mode === 'unstable') return `${thing} 不稳定：其下 ${of} 台中有 ${down} 台反复上下线`
    if (kind === 'moment') return `${down} 台在 ${within}内失联：${thing}`
    if (kind === 'other') return `${down} 台失联：${thing}`
    if (kind === 'attribute')
      return `${thing} 的 ${of} 台中有 ${down} 台在 ${within}内${mode === 'rolling' ? '先后' : ''}发生故障`
    if (mode === 'silent') return `${thing} 没有消息，其下 ${of} 台设备状态未知`
    return `${thing} 下的 ${of} 台中有 ${down} 台在 ${within}内${mode === 'rolling' ? '先后' : ''}失联`
  }
  if (kind === 'flapping') return `${thing} goes up and down`
  if (kind === 'device') return `${thing} is down`
  if (mode === 'blind') return `${thing} reports that its own network is down; the state of ${of} devices is unknown`
  if (mode === 'unstable') return `${thing} is unstable: ${down} of ${of} devices behind it go up and down`
  if (kind === 'moment') return `${down} devices went silent within ${within}: ${thing}`
  if (kind === 'other') return `${down} devices went silent: ${thing}`
  if (kind === 'attribute')
    return `${down} of ${of} devices of ${thing} failed ${mode === 'rolling' ? 'one after another ' : ''}within ${within}`
  if (mode === 'silent') return `nothing comes from ${thing}; the state of ${of} devices is unknown`
  return `${down} of ${of} devices behind ${thing} went silent ${mode === 'rolling' ? 'one after another ' : ''}within ${within}`
}

export const importanceWords: Record<Language, Record<OutageSubject['importance'], string>> = {
  zh: { high: '高', normal: '中', low: '低' },
  en: { high: 'high', normal: 'normal', low: 'low' },
}

export const decisionWords: Record<Language, Record<DecisionKind, string>> = {
  zh: {
    opening: '故障',
    're-fired': '再次故障',
    'still-down': '故障仍未恢复',
    'importance-raised': '故障重要性升高',
    expanded: '故障范围扩大',
    escalated: '故障升级：尚无人处理',
    resolved: '故障已恢复',
  },
  en: {
    opening: 'Outage',
    're-fired': 'Outage again',
    'still-down': 'Outage still there',
    'importance-raised': 'Outage now important',
    expanded: 'Outage widened',
    escalated: 'Outage escalated: nobody has taken it',
    resolved: 'Outage over',
  },
}

/** The two largest units: `9 秒`, `1 小时 5 分钟`. */
export function durationWords(ms: number, language: Language): string {
  const total = Math.max(0, Math.round(ms / 1_000))
  const days = Math.floor(total / 86_400)
  const parts = (
    [
      [days, '天', 'd'],
      [Math.floor(total / 3_600) % 24, '小时', 'h'],
      [Math.floor(total / 60) % 60, '分钟', 'min'],
      [total % 60, '秒', 's'],
    ] as const
  ).filter(([count]) => count > 0)
  if (parts.length === 0) return language === 'zh' ? '0 秒' : '0 s'
  return parts
    .slice(0, 2)
    .map(([count, zh, en]) => `${count} ${language === 'zh' ? zh : en}`)
    .join(' ')
}

const cityOffsetMs = 8 * 3_600_000
/** `2026-11-22 08:50:30`, Asia/Shanghai. */
export const timeWords = (at: number): string =>
  new Date(at + cityOffsetMs).toISOString().slice(0, 19).replace('T', ' ')

type Texts = Record<Language, string>
/** Rules of judging by their path; of those in a row of kinds the last part is the kind. */
const ruleNames: Record<string, Texts> = {
  'health.confirm.up': { zh: '判在线所需连续次数', en: 'results in a row for up' },
  'health.confirm.degraded': { zh: '判带病在线所需连续次数', en: 'results in a row for degraded' },
  'health.confirm.down': { zh: '判离线所需连续次数', en: 'results in a row for down' },
  'health.confirm.unknown': { zh: '判未知所需连续次数', en: 'results in a row for unknown' },
  'health.staleAfter': { zh: '无结果即判未知的周期数', en: 'periods without a result until unknown' },
  'health.periodTolerance': { zh: '周期容差', en: 'tolerance of periods' },
  probeEverySeconds: { zh: '探测周期（秒）', en: 'probe period (s)' },
  target: { zh: '在线率目标', en: 'target of the online rate' },
  provenance: { zh: '在线率目标依据', en: 'source of the target' },
  'kpis.platformNormal': { zh: '平台正常率目标', en: 'target: platforms normal' },
  'kpis.intact': { zh: '设备完好率目标', en: 'target: devices intact' },
  'kpis.clock': { zh: '时钟准确率目标', en: 'target: clocks right' },
  'kpis.clockSeconds': { zh: '时钟允许偏差（秒）', en: 'allowed offset of clocks (s)' },
  'kpis.record': { zh: '档案完整率目标', en: 'target: records complete' },
  'kpis.position': { zh: '坐标准确率目标', en: 'target: positions right' },
  'scorecard.payFull': { zh: '全额付费分数线', en: 'score for payment in full' },
  'scorecard.payPart': { zh: '按比例付费分数线', en: 'score for payment pro rata' },
  'scorecard.unmeasured': { zh: '未测项的处理', en: 'items that nobody measured' },
  'scorecard.provenance': { zh: '评分依据', en: 'source of the scoring' },
  'coverage.least': { zh: '评分所需实测覆盖率', en: 'coverage that a score needs' },
  'coverage.provenance': { zh: '覆盖率依据', en: 'source of the coverage' },
  'lock.graceHours': { zh: '月末后最早锁定（小时）', en: 'hours from the end of a month to its lock' },
  'lock.provenance': { zh: '锁定依据', en: 'source of the lock' },
}
const itemNames: Record<string, Texts> = {
  online: { zh: '在线', en: 'online' },
  image: { zh: '图像', en: 'image' },
  recording: { zh: '录像', en: 'recording' },
  record: { zh: '档案', en: 'record' },
  repair: { zh: '修复', en: 'repair' },
  documents: { zh: '资料', en: 'documents' },
}
const itemFields: Record<string, Texts> = {
  weight: { zh: '权重', en: 'weight' },
  full: { zh: '满分线', en: 'full points from' },
  zero: { zh: '零分线', en: 'no points up to' },
}

/** A rule of judging by its path, as `health.confirm.down`. */
export function ruleWords(field: string, language: Language): string {
  const [item, of] = field.replace('scorecard.items.', '').split('.') as [string, string?]
  const [name, what] = [itemNames[item]?.[language], itemFields[of ?? '']?.[language]]
  if (name && what) return language === 'zh' ? `评分项“${name}”${what}` : `scored item ${name}: ${what}`
  return ruleNames[field]?.[language] ?? plain(field)
}
