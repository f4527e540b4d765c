/** What a notification says: a subject, lines of plain text, and facts for machines. */
import { comesAndGoes, type DecisionKind, type Unreported } from '@hub/core'
import type { NewNotification, QueuedNotification } from './queue.ts'
import type { OutageSubject } from './subjects.ts'
import {
  causeWords,
  decisionWords,
  districtWords,
  durationWords,
  evidenceWords,
  importanceWords,
  type Language,
  timeWords,
} from './words.ts'

type Recipient = { id: string; language: Language }
export type Item = { what: DecisionKind; outage: OutageSubject }

/** Lines of a collective notification; more are counted. */
const shownLines = 15
/** Facts of a collective notification. */
export const shownFacts = 200

const factsOf = ({ what, outage: o }: Item) => ({
  what,
  outage: o.id,
  cause: o.cause,
  evidence: { down: o.evidence.down, of: o.evidence.of },
  members: o.members,
  down: o.down,
  importance: o.importance,
  districts: o.districts,
  from: o.from,
  to: o.to,
})
export const isOver = (o: Pick<OutageSubject, 'to' | 'cause'>): boolean => o.to !== null && !comesAndGoes(o.cause)
export const orderPathOf = (id: string): string => `/orders/${encodeURIComponent(id)}`
const pathOf = (id: string): string => `/outages/${encodeURIComponent(id)}`

const ranks = { high: 0, normal: 1, low: 2 } as const
type Ranked = { what: DecisionKind; outage: Pick<OutageSubject, 'importance' | 'down' | 'from'> }
export const worstFirst = (a: Ranked, b: Ranked): number =>
  Number(a.what === 'resolved') - Number(b.what === 'resolved') ||
  ranks[a.outage.importance] - ranks[b.outage.importance] ||
  b.outage.down - a.outage.down ||
  a.outage.from - b.outage.from

/** Of all that is told together. */
export type Sums = { outages: number; over: number; down: number }

/** @param items at least one, the worst first; at most `shownFacts` of the `sums.outages` */
export const compose = (channel: Recipient, items: readonly [Item, ...Item[]], sums: Sums): NewNotification =>
  sums.outages === 1 ? single(channel, items[0]) : collective(channel, items, sums)

function single({ id, language }: Recipient, item: Item): NewNotification {
  const { what, outage: o } = item
  const zh = language === 'zh'
  const thing = causeWords(o.cause, o.name, language)
  const state = decisionWords[language][what]
  const importance = importanceWords[language][o.importance]
  const where = districtWords(o.districts, language)
  const label = (name: [string, string], value: string) => (zh ? `${name[0]}：${value}` : `${name[1]}: ${value}`)
  const count = zh ? `${o.down} 台未恢复，共涉及 ${o.members} 台` : `${o.down} down of ${o.members} concerned`
  const lines = [
    label(['原因', 'Cause'], evidenceWords(o.cause, o.evidence, o.name, language)),
    label(['设备', 'Devices'], count),
    label(['区县', 'Districts'], where),
    label(['开始', 'Since'], `${timeWords(o.from)}${zh ? '（北京时间）' : ' (Asia/Shanghai)'}`),
    ...(o.to === null
      ? []
      : [
          label(
            ['恢复', 'Back'],
            zh
              ? `${timeWords(o.to)}，历时 ${durationWords(o.to - o.from, language)}`
              : `${timeWords(o.to)}, after ${durationWords(o.to - o.from, language)}`,
          ),
        ]),
    label(['重要性', 'Importance'], importance),
    label(['详情', 'Details'], pathOf(o.id)),
  ]
  return {
    channel: id,
    kind: what,
    outage: o.id,
    districts: o.districts,
    body: lines.join('\n'),
    facts: JSON.stringify([factsOf(item)]),
    subject: zh
      ? `[${importance}] ${state}：${thing}，${o.members} 台（${where}）`
      : `[${importance}] ${state}: ${thing}, ${o.members} devices (${where})`,
  }
}

function collective(
  { id, language }: Recipient,
  items: readonly Item[],
  { outages, over, down }: Sums,
): NewNotification {
  const zh = language === 'zh'
  const lines = items.slice(0, shownLines).map(({ what, outage: o }) => {
    const importance = importanceWords[language][o.importance]
    const thing = causeWords(o.cause, o.name, language)
    const where = districtWords(o.districts, language)
    const since = timeWords(o.from).slice(5, 16)
    const state = decisionWords[language][isOver(o) ? 'resolved' : what]
    return zh
      ? `[${importance}] ${state}：${thing}，${o.members} 台，自 ${since}（${where}） ${pathOf(o.id)}`
      : `[${importance}] ${state}: ${thing}, ${o.members} devices, since ${since} (${where}) ${pathOf(o.id)}`
  })
  const more = outages - lines.length
  if (more > 0) lines.push(zh ? `另有 ${more} 起，见 /outages` : `and ${more} more, see /outages`)
  return {
    channel: id,
    kind: 'digest',
    outage: null,
    body: lines.join('\n'),
    facts: JSON.stringify(items.map(factsOf)),
    subject: zh
      ? `故障汇总：${outages} 起（已恢复 ${over} 起），${down} 台未恢复`
      : `Outages: ${outages} (${over} over), ${down} devices down`,
  }
}

/** One line more: small outages that were over before anybody had to be told. */
export function withUnreported(
  { language }: Pick<Recipient, 'language'>,
  notification: NewNotification,
  { count, worst, longest }: Unreported<OutageSubject>,
): NewNotification {
  const lasted = (o: OutageSubject) => durationWords((o.to ?? o.from) - o.from, language)
  const thing = (o: OutageSubject) => causeWords(o.cause, o.name, language)
  const line =
    language === 'zh'
      ? `其间另有 ${count} 起已自行恢复，未单独通知；最严重：${thing(worst)}（${importanceWords.zh[worst.importance]}，${worst.members} 台）；最长：${thing(longest)}，${lasted(longest)}`
      : `Meanwhile ${count} more came and went unreported; worst: ${thing(worst)} (${importanceWords.en[worst.importance]}, ${worst.members} devices); longest: ${thing(longest)}, ${lasted(longest)}`
  return { ...notification, body: `${notification.body}\n${line}` }
}

/** One notification instead of several that wait: the limit of the recipient has been reached. */
export function folded(channel: Recipient, notifications: readonly QueuedNotification[]): NewNotification {
  const lines = notifications.flatMap(({ kind, subject, body, outage, workOrder }) => {
    if (kind === 'digest') return body.split('\n')
    const path = outage === null ? workOrder && orderPathOf(workOrder) : pathOf(outage)
    return [path ? `${subject} ${path}` : subject]
  })
  const shown = lines.slice(0, 2 * shownLines)
  const more = lines.length - shown.length
  const facts = notifications.flatMap((notification) => JSON.parse(notification.facts) as unknown[])
  const zh = channel.language === 'zh'
  if (more > 0) shown.push(zh ? `另有 ${more} 条，见 /outages` : `and ${more} more, see /outages`)
  return {
    channel: channel.id,
    kind: 'digest',
    outage: null,
    body: shown.join('\n'),
    facts: JSON.stringify(facts.slice(0, shownFacts)),
    subject: zh ? `通知汇总：${lines.length} 条` : `${lines.length} notifications together`,
  }
}
