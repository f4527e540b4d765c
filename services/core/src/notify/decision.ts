/**
 * The notification decision: what one recipient is told of an outage, given what he has been told already. A mass outage is one
 * notification however it grows; one more when it becomes important or turns out to be much wider, one when nobody acts, one when it is over.
 */
import type { CauseKind, OutageRow } from '@hub/contracts'
import { dayStart } from '../common/time/city.ts'
import { dayMs, hourMs } from '../common/time/units.ts'
import { comesAndGoes, type HoldPolicy, holdOf, keptUntil, sureAt } from './hold.ts'

/** A cause of another kind, with so many times the members, is worth another notification. */
const widely = 4
const mostDoublings = 6

export type NotificationPolicy = HoldPolicy & {
  /** What is small is told of together, so often… ms */
  digestMs: number
  /** …in these hours of the day in Asia/Shanghai, both ends included: what fails at night is read in the morning. Null: always. */
  digestHours: { from: number; to: number } | null
  /** Hours of the day in Asia/Shanghai; outside only what is of high importance is told. Null: always. */
  hours: { from: number; to: number } | null
  /** What was told to be over and fails again is re-fired no sooner; twice as long each time. What flaps is over when it is still for so long. ms */
  refireMs: number
}

export type NotifiableOutage = Pick<
  OutageRow,
  | 'cause'
  | 'expected'
  | 'countsFrom'
  | 'from'
  | 'to'
  | 'members'
  | 'importance'
  | 'status'
  | 'silencedUntil'
  | 'escalation'
>

/** What a recipient knows of an outage. */
export type KnownState = {
  /** The last notification. */
  at: number
  /** By a notification of its own, or only in a digest. */
  how: 'now' | 'digest'
  kind: CauseKind
  members: number
  importance: OutageRow['importance']
  /** The one further notification (importance-raised or expanded) has gone. */
  further: boolean
  escalated: boolean
  resolved: boolean
  /** How often it was re-fired. */
  rounds: number
}

export const decisionKinds = [
  'opening',
  're-fired',
  'still-down',
  'importance-raised',
  'expanded',
  'escalated',
  'resolved',
] as const
export type DecisionKind = (typeof decisionKinds)[number]
export type NotificationDecision = { what: DecisionKind; when: 'now' | 'digest' }

/** Null: nothing to say, or not yet. */
export function decisionOf(
  o: NotifiableOutage,
  known: KnownState | null,
  now: number,
  policy: NotificationPolicy,
): NotificationDecision | null {
  // Whoever was told before an exemption was granted is owed the end.
  const owed = known !== null && !known.resolved && o.to !== null
  if ((o.expected && !owed) || (o.silencedUntil !== null && now < o.silencedUntil)) return null
  if (o.importance !== 'high' && !withinHours(now, policy)) return null
  return known ? further(o, known, now, policy) : opening(o, now, policy)
}

function opening(o: NotifiableOutage, now: number, policy: NotificationPolicy): NotificationDecision | null {
  const verdict = holdOf(o, now, policy)
  if (verdict !== 'now' && verdict !== 'digest') return null
  // It is over and nobody was told: worth a line only when the hours kept it back.
  if (o.to !== null && !comesAndGoes(o.cause))
    return withinHours(sureAt(o, policy), policy) ? null : { what: 'opening', when: 'digest' }
  return { what: 'opening', when: verdict }
}

function further(
  o: NotifiableOutage,
  known: KnownState,
  now: number,
  policy: NotificationPolicy,
): NotificationDecision | null {
  const { how: when } = known
  if (known.resolved) {
    const quietMs = policy.refireMs * 2 ** Math.min(known.rounds, mostDoublings)
    return o.to === null && now - known.at >= quietMs && now >= sureAt(o, policy) ? { what: 're-fired', when } : null
  }
  // A recovery asks for nothing to be done: only that of something important is worth a notification of its own.
  if (o.to !== null)
    return isOver(o, o.to, now, policy) ? { what: 'resolved', when: o.importance === 'high' ? when : 'digest' } : null
  // What kept it from being told has ended since: as if it had begun then.
  if (known.at < keptUntil(o)) {
    const verdict = holdOf(o, now, policy)
    return verdict === 'now' || verdict === 'digest' ? { what: 'still-down', when: verdict } : null
  }
  if (!known.further && o.importance === 'high' && known.importance !== 'high' && o.members >= policy.leastMembers)
    return { what: 'importance-raised', when: 'now' }
  if (!known.further && o.cause.kind !== known.kind && o.members >= widely * known.members)
    return { what: 'expanded', when: 'now' }
  return when === 'now' && !known.escalated && o.escalation > 0 ? { what: 'escalated', when } : null
}

const isOver = (o: NotifiableOutage, to: number, now: number, { refireMs }: NotificationPolicy): boolean =>
  (o.status === 'resolved' || o.status === 'closed') && (!comesAndGoes(o.cause) || now - to >= refireMs)

/** What the recipient knows once the notification is in the queue. */
export function afterDecision(
  o: NotifiableOutage,
  known: KnownState | null,
  { what, when }: NotificationDecision,
  now: number,
): KnownState {
  const facts = { at: now, kind: o.cause.kind, members: o.members, importance: o.importance }
  if (!known)
    return {
      ...facts,
      how: when,
      further: false,
      escalated: o.escalation > 0,
      resolved: o.to !== null && !comesAndGoes(o.cause),
      rounds: 0,
    }
  return {
    ...known,
    ...facts,
    how: when === 'now' ? 'now' : known.how,
    further: known.further || what === 'importance-raised' || what === 'expanded',
    // Once told anew it may be escalated again.
    escalated: what === 're-fired' || what === 'still-down' ? o.escalation > 0 : known.escalated || o.escalation > 0,
    resolved: what === 'resolved',
    rounds: known.rounds + (what === 're-fired' ? 1 : 0),
  }
}

/** Whether it is a time to tell of what is not of high importance. `from` after `to` is a night shift. */
export function withinHours(now: number, { hours }: Pick<NotificationPolicy, 'hours'>): boolean {
  if (!hours) return true
  const hour = (now - dayStart(now)) / hourMs
  return hours.from < hours.to ? hour >= hours.from && hour < hours.to : hour >= hours.from || hour < hours.to
}

/** The last instant, up to now, at which a digest was due: each `digestMs` of the city's clock in its hours, and when the hours begin. */
export function digestDue(
  now: number,
  { digestMs, digestHours, hours }: Pick<NotificationPolicy, 'digestMs' | 'digestHours' | 'hours'>,
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
