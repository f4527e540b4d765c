/** What a notice says: a subject, lines of plain text, and facts for machines. */
import type { Passed, TellingKind } from '@hub/core'
import type { NewNotice, QueuedNotice, ToldOutage } from '@hub/platform'
import {
  causeWords,
  districtWords,
  durationWords,
  evidenceWords,
  importanceWords,
  type Language,
  tellingWords,
  timeWords,
} from './words.ts'

type Recipient = { id: string; language: Language }
export type Item = { what: TellingKind; outage: ToldOutage }

/** Lines of a collective notice; more are counted. */
const shownLines = 15
/** Facts of a collective notice: no more need be read of the Record. */
export const shownFacts = 200

const factsOf = ({ what, outage: o }: Item) => ({
  ...{ what, outage: o.id, cause: o.cause, evidence: { down: o.evidence.down, of: o.evidence.of } },
  ...{ members: o.members, down: o.down, importance: o.importance, districts: o.districts, from: o.from, to: o.to },
})
export const isOver = (o: Pick<ToldOutage, 'to' | 'cause'>): boolean => o.to !== null && o.cause.kind !== 'flapping'
export const orderPathOf = (id: string): string => `/orders/${encodeURIComponent(id)}`
const pathOf = (id: string): string => `/outages/${encodeURIComponent(id)}`

const ranks = { high: 0, normal: 1, low: 2 } as const
type Ranked = { what: TellingKind; outage: Pick<ToldOutage, 'importance' | 'down' | 'from'> }
export const worstFirst = (a: Ranked, b: Ranked): number =>
  Number(a.what === 'healed') - Number(b.what === 'healed') ||
  ranks[a.outage.importance] - ranks[b.outage.importance] ||
  b.outage.down - a.outage.down ||
  a.outage.from - b.outage.from

/** Of all that is told together. */
export type Sums = { outages: number; over: number; down: number }

/** @param items at least one, the worst first; at most `shownFacts` of the `sums.outages` */
export const compose = (channel: Recipient, items: readonly [Item, ...Item[]], sums: Sums): NewNotice =>
  sums.outages === 1 ? single(channel, items[0]) : collective(channel, items, sums)

function single({ id, language }: Recipient, item: Item): NewNotice {
  const { what, outage: o } = item
  const zh = language === 'zh'
  const thing = causeWords(o.cause, o.name, language)
  const told = tellingWords[language][what]
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
    ...{ channel: id, kind: what, outage: o.id, body: lines.join('\n'), facts: JSON.stringify([factsOf(item)]) },
    subject: zh
      ? `[${importance}] ${told}：${thing}，${o.members} 台（${where}）`
      : `[${importance}] ${told}: ${thing}, ${o.members} devices (${where})`,
  }
}

function collective({ id, language }: Recipient, items: readonly Item[], { outages, over, down }: Sums): NewNotice {
  const zh = language === 'zh'
  const lines = items.slice(0, shownLines).map(({ what, outage: o }) => {
    const importance = importanceWords[language][o.importance]
    const thing = causeWords(o.cause, o.name, language)
    const where = districtWords(o.districts, language)
    const since = timeWords(o.from).slice(5, 16)
    const state = tellingWords[language][isOver(o) ? 'healed' : what]
    return zh
      ? `[${importance}] ${state}：${thing}，${o.members} 台，自 ${since}（${where}） ${pathOf(o.id)}`
      : `[${importance}] ${state}: ${thing}, ${o.members} devices, since ${since} (${where}) ${pathOf(o.id)}`
  })
  const more = outages - lines.length
  if (more > 0) lines.push(zh ? `另有 ${more} 起，见 /outages` : `and ${more} more, see /outages`)
  return {
    ...{ channel: id, kind: 'digest', outage: null, body: lines.join('\n') },
    facts: JSON.stringify(items.map(factsOf)),
    subject: zh
      ? `故障汇总：${outages} 起（已恢复 ${over} 起），${down} 台未恢复`
      : `Outages: ${outages} (${over} over), ${down} devices down`,
  }
}

/** One line more: small outages that were over before anybody had to be told. */
export function withPassed(
  { language }: Pick<Recipient, 'language'>,
  notice: NewNotice,
  { count, worst, longest }: Passed<ToldOutage>,
): NewNotice {
  const lasted = (o: ToldOutage) => durationWords((o.to ?? o.from) - o.from, language)
  const thing = (o: ToldOutage) => causeWords(o.cause, o.name, language)
  const line =
    language === 'zh'
      ? `其间另有 ${count} 起已自行恢复，未单独通知；最严重：${thing(worst)}（${importanceWords.zh[worst.importance]}，${worst.members} 台）；最长：${thing(longest)}，${lasted(longest)}`
      : `Meanwhile ${count} more came and went untold; worst: ${thing(worst)} (${importanceWords.en[worst.importance]}, ${worst.members} devices); longest: ${thing(longest)}, ${lasted(longest)}`
  return { ...notice, body: `${notice.body}\n${line}` }
}

/** One notice instead of several that wait: the limit of the recipient has been reached. */
export function folded(channel: Recipient, notices: readonly QueuedNotice[]): NewNotice {
  const lines = notices.flatMap(({ kind, subject, body, outage, workOrder }) => {
    if (kind === 'digest') return body.split('\n')
    const path = outage === null ? workOrder && orderPathOf(workOrder) : pathOf(outage)
    return [path ? `${subject} ${path}` : subject]
  })
  const shown = lines.slice(0, 2 * shownLines)
  const more = lines.length - shown.length
  const facts = notices.flatMap((notice) => JSON.parse(notice.facts) as unknown[])
  const zh = channel.language === 'zh'
  if (more > 0) shown.push(zh ? `另有 ${more} 条，见 /outages` : `and ${more} more, see /outages`)
  return {
    ...{ channel: channel.id, kind: 'digest', outage: null, body: shown.join('\n') },
    facts: JSON.stringify(facts.slice(0, shownFacts)),
    subject: zh ? `通知汇总：${lines.length} 条` : `${lines.length} notices together`,
  }
}
