/** What a warning of a work order says: the limit, by how much, and the chain that proves it. */
import type { RequestOf, WorkOrder } from '@hub/contracts'
import { type Colour, subjectWords, type WarnedLimit, warnedLimit } from '@hub/core'
import { orderPathOf, shownFacts } from './message.ts'
import { plain } from './plain.ts'
import type { NewNotification } from './queue.ts'
import { districtWords, durationWords, type Language, timeWords } from './words.ts'

type Recipient = { id: string; language: Language }
type Item = RequestOf<'work-order'>

/** Links of a chain, and orders of a collective notification, that are shown; more are counted. */
const shownLinks = 8
const shownLines = 15
const shownHash = 16

const cards: Record<Language, Record<Colour, string>> = {
  zh: { yellow: '黄牌', red: '红牌' },
  en: { yellow: 'yellow', red: 'red' },
}
const whiches: Record<Language, Record<WarnedLimit['which'], string>> = {
  zh: { respond: '响应', repair: '修复' },
  en: { respond: 'response', repair: 'repair' },
}
const classes: Record<Language, Record<WorkOrder['rule']['class'], string>> = {
  zh: { core: '一类点位（核心）', urban: '城区', rural: '农村' },
  en: { core: 'class-1 point (core)', urban: 'urban', rural: 'rural' },
}
const clocks: Record<Language, Record<WorkOrder['rule']['clock'], string>> = {
  zh: { '24h': '按 24 小时连续计时', 'working-days': '按工作日计时' },
  en: { '24h': 'round the clock', 'working-days': 'on working days' },
}
const steps: Record<WorkOrder['steps'][number]['step'], Record<Language, string>> = {
  issue: { zh: '派发', en: 'issued' },
  receive: { zh: '接收', en: 'received' },
  dispute: { zh: '提出异议', en: 'disputed' },
  uphold: { zh: '维持派发', en: 'upheld' },
  cancel: { zh: '撤销', en: 'cancelled' },
  done: { zh: '报告修复完成', en: 'reported repaired' },
  verify: { zh: '核验通过', en: 'verified' },
  return: { zh: '退回返工', en: 'returned' },
  close: { zh: '关闭', en: 'closed' },
  comment: { zh: '批注', en: 'comment' },
  yellow: { zh: '临近时限', en: 'limit is near' },
  red: { zh: '已超时限', en: 'limit has passed' },
}

/** `修复超时 3 小时 20 分钟`, `response limit in 20 min`. */
function standing({ which, by, metAt }: WarnedLimit, now: number, language: Language): string {
  const left = by - (metAt ?? now)
  const span = durationWords(Math.abs(left), language)
  const name = whiches[language][which]
  if (language === 'zh') return left < 0 ? `${name}超时 ${span}` : `${name}还剩 ${span}`
  return left < 0 ? `${name} ${span} over its limit` : `${span} left for the ${name}`
}

/** `响应：时限 …，接收于 …，超时 5 分钟`. */
function limitLine(limit: WarnedLimit, now: number, language: Language): string {
  const { which, by, metAt } = limit
  const left = by - (metAt ?? now)
  const span = durationWords(Math.abs(left), language)
  if (language === 'zh') {
    const met = which === 'respond' ? '接收' : '完成'
    const how = metAt === null ? `尚未${met}` : `${met}于 ${timeWords(metAt)}`
    const over = left < 0 ? `，超时 ${span}` : metAt === null ? `，还剩 ${span}` : ''
    return `${whiches.zh[which]}：时限 ${timeWords(by)}，${how}${over}`
  }
  const met = which === 'respond' ? 'received' : 'done'
  const how = metAt === null ? `not ${met} yet` : `${met} ${timeWords(metAt)}`
  const over = left < 0 ? `, ${span} over` : metAt === null ? `, ${span} left` : ''
  return `${which === 'respond' ? 'Response' : 'Repair'}: by ${timeWords(by)}, ${how}${over}`
}

function chainLines({ steps: links, whole }: Item['state'], language: Language): string[] {
  const zh = language === 'zh'
  const shown = links.slice(-shownLinks).map(({ at, actor, step, down, hash }) => {
    const what = steps[step][language]
    const short = hash.slice(0, shownHash)
    return zh
      ? `· ${timeWords(at)} ${what}（${actorOf(actor, language)}），当时失联 ${down} 台，散列 ${short}`
      : `· ${timeWords(at)} ${what} (${actorOf(actor, language)}), ${down} down, hash ${short}`
  })
  const head = zh
    ? `证据链：共 ${links.length} 条，${whole ? '逐条核对一致' : '有记录与散列不符，请联系审计员'}`
    : `Evidence chain: ${links.length} links, ${whole ? 'all agree with their hashes' : 'one does not agree with its hash: call the auditor'}`
  return [head, ...shown]
}

/** Of an order that was asked about before it had a subject: the words that it was issued with. */
const titleOf = (
  { subject, devices, ...old }: Item['state'] & { title?: string },
  districts: Item['districts'],
  language: Language,
): string => plain(subject ? subjectWords({ subject, districts, devices }, language) : (old.title ?? ''), 120)

const actorOf = (actor: string, language: Language): string =>
  actor === 'hub' ? { zh: '中枢', en: 'the hub' }[language] : plain(actor)

const subjectOf = (
  { unit: of = '', districts, state }: Item,
  limit: WarnedLimit,
  now: number,
  language: Language,
): string => {
  const card = cards[language][state.colour]
  const how = standing(limit, now, language)
  const title = titleOf(state, districts, language)
  const unit = plain(of)
  return language === 'zh'
    ? `[${card}] 工单 ${state.number} ${how}：${title}（${unit}）`
    : `[${card}] Work order ${state.number}, ${how}: ${title} (${unit})`
}

const factsOf = ({ key, unit, districts, state: o }: Item, { which, by, metAt }: WarnedLimit, now: number) => ({
  what: o.colour,
  workOrder: key,
  number: o.number,
  unit,
  outage: o.outage,
  districts,
  members: o.devices,
  down: o.down,
  limit: which,
  by,
  metAt,
  overMs: Math.max(0, (metAt ?? now) - by),
  chain: { whole: o.whole, links: o.steps.length, last: o.steps.at(-1)?.hash ?? null },
})

/** @param items at least one, the most pressing first */
export function composeWarning(to: Recipient, items: readonly [Item, ...Item[]], now: number): NewNotification {
  const { id: channel, language } = to
  const known = items.map((item) => ({ item, limit: warnedLimit(item.state, now, item.state) }))
  const facts = JSON.stringify(known.slice(0, shownFacts).map(({ item, limit }) => factsOf(item, limit, now)))
  const [first, ...more] = known
  if (first && more.length === 0) return { ...single(first.item, first.limit, now, language), channel, facts }
  const lines = known.slice(0, shownLines).map(({ item, limit }) => {
    return `${subjectOf(item, limit, now, language)} ${orderPathOf(item.key)}`
  })
  const hidden = known.length - lines.length
  const reds = items.filter(({ state }) => state.colour === 'red').length
  const zh = language === 'zh'
  if (hidden > 0) lines.push(zh ? `另有 ${hidden} 张，见 /orders` : `and ${hidden} more, see /orders`)
  return {
    channel,
    kind: 'digest',
    outage: null,
    facts,
    body: lines.join('\n'),
    subject: zh
      ? `工单预警：红牌 ${reds} 张，黄牌 ${items.length - reds} 张`
      : `Work orders: ${reds} red, ${items.length - reds} yellow`,
  }
}

function single(item: Item, limit: WarnedLimit, now: number, language: Language) {
  const { key, unit = '', districts, state: o } = item
  const { rule } = o
  const zh = language === 'zh'
  const kind = classes[language][rule.class]
  const clock = clocks[language][rule.clock]
  const where = districtWords(districts, language)
  const issued = timeWords(o.issuedAt)
  const lines = [
    zh ? `责任单位：${plain(unit)}` : `Unit: ${plain(unit)}`,
    zh
      ? `派发：${issued}（北京时间），${plain(o.issuedBy)}`
      : `Issued: ${issued} (Asia/Shanghai), ${plain(o.issuedBy)}`,
    limitLine({ which: 'respond', by: o.respondBy, metAt: o.receivedAt }, now, language),
    limitLine({ which: 'repair', by: o.repairBy, metAt: o.doneAt }, now, language),
    zh
      ? `依据：${kind}，${rule.respondHours} 小时内响应，${rule.repairHours} 小时内修复，${clock}；${plain(rule.provenance, 120)}`
      : `Rule: ${kind}, respond in ${rule.respondHours} h, repair in ${rule.repairHours} h, ${clock}; ${plain(rule.provenance, 120)}`,
    zh
      ? `设备：${o.down} 台未恢复，共 ${o.devices} 台（${where}）`
      : `Devices: ${o.down} down of ${o.devices} (${where})`,
    ...chainLines(o, language),
    zh ? `详情：${orderPathOf(key)}` : `Details: ${orderPathOf(key)}`,
  ]
  return {
    kind: `overtime-${o.colour}`,
    outage: o.outage,
    workOrder: key,
    districts,
    subject: subjectOf(item, limit, now, language),
    body: lines.join('\n'),
  }
}
