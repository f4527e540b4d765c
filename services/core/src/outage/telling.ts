/**
 * What one recipient is told of an outage, given what he has been told already. A mass outage is one notice however it grows; one
 * more when it becomes important or turns out to be much wider, one when nobody acts, one when it is over.
 */
import type { CauseKind, OutageRow } from '@hub/contracts'
import { dayStart } from '../time/day.ts'
import { type NoticePolicy, noticeOf, sureAt } from './notice.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** A cause of another kind, with so many times the members, is worth another notice. */
const widely = 4
const mostDoublings = 6

export type TellingPolicy = NoticePolicy & {
  /** What is small is told of together, so often… ms */
  digestMs: number
  /** …in these hours of the day in Asia/Shanghai, both ends included: what fails at night is read in the morning. Null: always. */
  digestHours: { from: number; to: number } | null
  /** Hours of the day in Asia/Shanghai; outside only what is of high importance is told. Null: always. */
  hours: { from: number; to: number } | null
  /** What was told to be over and fails again is told again no sooner; twice as long each time. What flaps is over when it is still for so long. ms */
  againMs: number
}

export type Tellable = Pick<
  OutageRow,
  'cause' | 'expected' | 'from' | 'to' | 'members' | 'importance' | 'status' | 'silencedUntil' | 'escalation'
>

/** What a recipient knows of an outage. */
export type ToldState = {
  /** The last notice. */
  at: number
  /** By a notice of its own, or only in a digest. */
  how: 'now' | 'digest'
  kind: CauseKind
  members: number
  importance: OutageRow['importance']
  /** The one further notice (raised or wider) has gone. */
  further: boolean
  escalated: boolean
  healed: boolean
  /** How often it was told to be down again. */
  rounds: number
}

export const tellingKinds = ['opening', 'again', 'raised', 'wider', 'escalated', 'healed'] as const
export type TellingKind = (typeof tellingKinds)[number]
export type Telling = { what: TellingKind; when: 'now' | 'digest' }

/** Null: nothing to say, or not yet. */
export function tellingOf(o: Tellable, told: ToldState | null, now: number, policy: TellingPolicy): Telling | null {
  if (o.expected || (o.silencedUntil !== null && now < o.silencedUntil)) return null
  if (o.importance !== 'high' && !withinHours(now, policy)) return null
  return told ? further(o, told, now, policy) : opening(o, now, policy)
}

function opening(o: Tellable, now: number, policy: TellingPolicy): Telling | null {
  const verdict = noticeOf(o, now, policy)
  if (verdict !== 'now' && verdict !== 'digest') return null
  // It is over and nobody was told: worth a line only when the hours kept it back.
  if (o.to !== null && o.cause.kind !== 'flapping')
    return withinHours(sureAt(o, policy), policy) ? null : { what: 'opening', when: 'digest' }
  return { what: 'opening', when: verdict }
}

function further(o: Tellable, told: ToldState, now: number, policy: TellingPolicy): Telling | null {
  const { how: when } = told
  if (told.healed) {
    const quietMs = policy.againMs * 2 ** Math.min(told.rounds, mostDoublings)
    return o.to === null && now - told.at >= quietMs ? { what: 'again', when } : null
  }
  // A recovery asks for nothing to be done: only that of something important is worth a notice of its own.
  if (o.to !== null)
    return isOver(o, o.to, now, policy) ? { what: 'healed', when: o.importance === 'high' ? when : 'digest' } : null
  if (!told.further && o.importance === 'high' && told.importance !== 'high' && o.members >= policy.leastMembers)
    return { what: 'raised', when: 'now' }
  if (!told.further && o.cause.kind !== told.kind && o.members >= widely * told.members)
    return { what: 'wider', when: 'now' }
  return when === 'now' && !told.escalated && o.escalation > 0 ? { what: 'escalated', when } : null
}

const isOver = (o: Tellable, to: number, now: number, { againMs }: TellingPolicy): boolean =>
  (o.status === 'resolved' || o.status === 'closed') && (o.cause.kind !== 'flapping' || now - to >= againMs)

/** What the recipient knows once the notice is in the queue. */
export function afterTelling(o: Tellable, told: ToldState | null, { what, when }: Telling, now: number): ToldState {
  const known = { at: now, kind: o.cause.kind, members: o.members, importance: o.importance }
  if (!told)
    return {
      ...{ ...known, how: when, further: false, escalated: o.escalation > 0 },
      ...{ healed: o.to !== null && o.cause.kind !== 'flapping', rounds: 0 },
    }
  return {
    ...{ ...told, ...known },
    how: when === 'now' ? 'now' : told.how,
    further: told.further || what === 'raised' || what === 'wider',
    // Told again it may be escalated again.
    escalated: what === 'again' ? o.escalation > 0 : told.escalated || o.escalation > 0,
    healed: what === 'healed',
    rounds: told.rounds + (what === 'again' ? 1 : 0),
  }
}

/** Whether it is a time to tell of what is not of high importance. `from` after `to` is a night shift. */
export function withinHours(now: number, { hours }: Pick<TellingPolicy, 'hours'>): boolean {
  if (!hours) return true
  const hour = (now - dayStart(now)) / hourMs
  return hours.from < hours.to ? hour >= hours.from && hour < hours.to : hour >= hours.from || hour < hours.to
}

/** The last instant, up to now, at which a digest was due: each `digestMs` of the city's clock in its hours, and when the hours begin. */
export function digestDue(
  now: number,
  { digestMs, digestHours, hours }: Pick<TellingPolicy, 'digestMs' | 'digestHours' | 'hours'>,
): number {
  const beatBefore = (at: number) => dayStart(at) + Math.floor((at - dayStart(at)) / digestMs) * digestMs
  let regular = beatBefore(now)
  if (digestHours) {
    const late = dayStart(regular) + digestHours.to * hourMs
    if (regular > late) regular = beatBefore(late)
    if (regular < dayStart(regular) + digestHours.from * hourMs)
      regular = beatBefore(dayStart(regular) - dayMs + digestHours.to * hourMs)
  }
  if (!hours) return regular
  const opening = dayStart(now) + hours.from * hourMs
  return Math.max(regular, opening > now ? opening - dayMs : opening)
}
