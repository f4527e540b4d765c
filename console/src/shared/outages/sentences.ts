/** Causes, their evidence and what became of an outage, in words. Pure. */
import {
  type Carrier,
  type Cause,
  type CauseKind,
  carriers,
  type DistrictCode,
  districtCodes,
  type OutageChange,
  type OutageRow,
} from '@hub/contracts'
import type { Language } from '../../i18n/translate.ts'
import { formatCount, formatDuration, formatTime } from '../../lib/format.ts'
import { districtName } from '../../lib/names.ts'
import { translate } from './words.ts'

const atOnceMs = 1_000
const codeShape = /^\d{20}$/
/** Twenty digits are too long to be read: the serial number at their end tells them apart. */
const shortened = (key: string): string => (codeShape.test(key) ? `…${key.slice(-6)}` : key)
const districtOf = (key: string, language: Language): string =>
  districtCodes.includes(key as DistrictCode) ? districtName(key as DistrictCode, language) : key

/** `交换机 QD-03`, `祁东县 移动专线`; of a lone device its name. */
export function causeWords(
  { kind, key }: { kind: CauseKind; key: string },
  language: Language,
  name: string | null = null,
): string {
  const cut = key.lastIndexOf('/')
  const [before, after] = [key.slice(0, cut), key.slice(cut + 1)]
  switch (kind) {
    case 'device':
      return name ?? shortened(key)
    case 'port':
      return cut < 0
        ? translate(language, 'cause.named', { kind: translate(language, 'cause.kind.port'), key })
        : translate(language, 'cause.port', { switch: before, port: after })
    case 'line':
      return translate(language, 'cause.line', {
        carrier: carriers.includes(before as Carrier) ? translate(language, `carrier.${before as Carrier}`) : before,
        district: districtOf(after, language),
      })
    case 'attribute':
      return attributeWords(key, language)
    case 'other':
      return key
    case 'moment':
      return momentWords(key, language)
    case 'place': {
      const [, at, metres] = key.match(areaShape) ?? []
      if (at && metres) return translate(language, 'cause.area', { at, metres: formatCount(Number(metres)) })
      return translate(language, 'cause.named', { kind: translate(language, 'cause.kind.place'), key })
    }
    case 'district':
      return translate(language, 'cause.district', { district: districtOf(key, language) })
    default:
      return translate(language, 'cause.named', {
        kind: translate(language, `cause.kind.${kind}`),
        key: name ?? shortened(key),
      })
  }
}

/** `112.6026,26.8910/800` */
const areaShape = /^([\d.]+,[\d.]+)\/(\d+)$/
const attributes = ['model', 'firmware', 'credential', 'maintainer'] as const

/** `型号 DS-2CD3T46` */
function attributeWords(key: string, language: Language): string {
  const cut = key.indexOf(':')
  const attribute = attributes.find((name) => name === key.slice(0, cut))
  return attribute ? translate(language, `cause.attribute.${attribute}`, { value: key.slice(cut + 1) }) : key
}

/** `同一时刻，上级不明（祁东县 移动专线）` */
function momentWords(key: string, language: Language): string {
  const within = key.slice(0, key.lastIndexOf('@'))
  const cut = within.indexOf(':')
  if (cut < 0) return translate(language, 'cause.moment')
  const thing = { kind: within.slice(0, cut) as CauseKind, key: within.slice(cut + 1) }
  return translate(language, 'cause.moment.within', { within: causeWords(thing, language) })
}

/** How many are out, of how many behind the cause: `212/214`. What grew beyond what was thought to be behind it counts too. */
export const shareOf = (row: Pick<OutageRow, 'down' | 'members' | 'evidence'>): { down: number; of: number } => ({
  down: row.down,
  of: Math.max(row.members, row.evidence.of),
})

/** `212/214 台`; of a lone one `1 台`. */
export const downWords = ({ down, of }: { down: number; of: number }, language: Language): string =>
  of > 1
    ? translate(language, 'outage.down.of', { down: formatCount(down), of: formatCount(of) })
    : translate(language, 'unit.devices', { n: formatCount(down) })

/** `214 台中 212 台在 9 秒内失联`. */
export function evidenceWords({ cause, evidence }: Pick<OutageRow, 'cause' | 'evidence'>, language: Language): string {
  const { down, of, withinMs } = evidence
  if (cause.kind === 'device' && of <= 1) return translate(language, 'cause.why.device')
  if (cause.kind === 'flapping') return translate(language, 'cause.why.flapping')
  const counts = { down: formatCount(down), of: formatCount(of) }
  if (cause.mode === 'unstable') return translate(language, 'cause.why.unstable', counts)
  if (cause.mode === 'silent' || cause.mode === 'blind') return translate(language, `cause.why.${cause.mode}`, counts)
  const span = formatDuration(withinMs, language)
  if (cause.mode === 'rolling') return translate(language, 'cause.why.rolling', { ...counts, span })
  if (cause.kind === 'moment') return translate(language, 'cause.why.moment', { ...counts, span })
  const how = down >= of ? 'all' : 'some'
  return withinMs < atOnceMs
    ? translate(language, `cause.why.${how}.once`, counts)
    : translate(language, `cause.why.${how}`, { ...counts, span })
}

/** `未采纳：祁东县 移动专线（1,800 台中仅 212 台失联）`. */
export const rejectedWords = (
  { down, of, ...cause }: OutageRow['evidence']['rejected'][number],
  language: Language,
): string =>
  translate(language, 'cause.rejected', {
    cause: causeWords(cause, language),
    down: formatCount(down),
    of: formatCount(of),
  })

/** What speaks for it beside: chance, what they share, and where the record may be wrong. */
export function supportWords({ chance, shared, misplaced }: OutageRow['evidence'], language: Language): string[] {
  const said: string[] = []
  if (chance !== undefined)
    said.push(translate(language, 'cause.chance', { n: chance < 0.1 ? '< 0.1' : chance.toFixed(1) }))
  for (const { down, of, ...cause } of shared ?? []) {
    const words = { cause: causeWords(cause, language), down: formatCount(down), of: formatCount(of) }
    said.push(translate(language, 'cause.shared', words))
  }
  if (misplaced && misplaced.length > 0) {
    const one = ({ device, recorded }: (typeof misplaced)[number]) =>
      translate(language, 'cause.misplaced.one', { device: shortened(device), recorded: shortened(recorded) })
    const list = misplaced.map(one).join(translate(language, 'cause.list'))
    said.push(translate(language, 'cause.misplaced', { count: misplaced.length, list }))
  }
  return said
}

/** What the correlation saw; `times`: how many such changes in a row it stands for. */
export function changeWords(
  { change, members, down, cause }: Omit<OutageChange, 'at'>,
  times: number,
  language: Language,
): string {
  const said = { members: formatCount(members), down: formatCount(down), cause: causeOf(cause, language), times }
  if (change === 'grew' && times > 1) return translate(language, 'outage.change.grew.times', said)
  return translate(language, `outage.change.${change}`, said)
}

const causeOf = (cause: Cause, language: Language): string =>
  cause.kind === 'device' ? translate(language, 'cause.kind.device') : causeWords(cause, language)

/** `→ 2026-11-22T05:21:00.000Z; 检修` of a silence, with the time as people read it. */
export const noteWords = (note: string, now: number): string =>
  note.replace(/^→ (\d{4}-\d{2}-\d{2}T[\d:.]+Z)/, (_, at: string) => `→ ${formatTime(Date.parse(at), now)}`)
