/** The life of an outage in people's hands: open → acknowledged → in progress → resolved → closed. */
import type { OutageAction, OutageStatus } from '@hub/contracts'
import { dayMs, minuteMs } from '../common/time/units.ts'

type Step = OutageAction['step']

const moves: Record<OutageStatus, Partial<Record<Step, OutageStatus>>> = {
  open: { acknowledge: 'acknowledged', start: 'in-progress', resolve: 'resolved' },
  acknowledged: { start: 'in-progress', resolve: 'resolved' },
  'in-progress': { resolve: 'resolved' },
  resolved: { close: 'closed', reopen: 'open' },
  closed: { reopen: 'open' },
}
/** They change no status, and are taken as long as the outage is not closed. */
const beside: readonly Step[] = ['assign', 'comment', 'silence']

export const legalSteps = (status: OutageStatus): Step[] => [
  ...(Object.keys(moves[status]) as Step[]),
  ...(status === 'closed' ? [] : beside),
]

/** The status after a step, or what would be legal. A person may resolve only what is back: `down` is 0. */
export function moveOutage(
  status: OutageStatus,
  step: Step,
  down: number,
): { ok: true; status: OutageStatus } | { ok: false; legal: Step[] } {
  const legal = legalSteps(status).filter((s) => s !== 'resolve' || down === 0)
  if (!legal.includes(step)) return { ok: false, legal }
  return { ok: true, status: moves[status][step] ?? status }
}

export type LifePolicy = {
  /** All members up for so long: resolved by itself. ms */
  resolveAfterMs: number
  /** Resolved for so long: closed by itself. ms */
  closeAfterMs: number
  /** Open for so long without anyone acknowledging it: escalated, and again after each such time. ms */
  escalateAfterMs: number
  escalateMost: number
  /** A person may reopen it up to so long after it was closed; later it is history, and what fails then is another outage. ms */
  reopenWithinMs: number
}

export const defaultLifePolicy: LifePolicy = {
  resolveAfterMs: 2 * minuteMs,
  closeAfterMs: dayMs,
  escalateAfterMs: 30 * minuteMs,
  escalateMost: 3,
  reopenWithinMs: 3 * dayMs,
}

/** The last instant at which a person may reopen it. Null: it is not closed, so its status alone decides. */
export const reopenUntil = (
  { status, closedAt }: { status: OutageStatus; closedAt: number | null },
  { reopenWithinMs }: Pick<LifePolicy, 'reopenWithinMs'>,
): number | null => (status === 'closed' && closedAt !== null ? closedAt + reopenWithinMs : null)

export type LifeState = {
  status: OutageStatus
  from: number
  /** When the last member came back; null while one is down. */
  to: number | null
  resolvedAt: number | null
  escalation: number
  expected: boolean
  /** The end of the last ground on which it was expected. */
  countsFrom: number | null
  silencedUntil: number | null
}

/** What the hub does by itself now, if anything. */
export function automaticTransition(
  o: LifeState,
  now: number,
  policy: LifePolicy,
): 'resolve' | 'reopen' | 'close' | 'escalate' | null {
  if (o.status === 'resolved') {
    if (o.to === null) return 'reopen'
    return o.resolvedAt !== null && now - o.resolvedAt >= policy.closeAfterMs ? 'close' : null
  }
  if (o.status === 'closed') return null
  if (o.to !== null) return now - o.to >= policy.resolveAfterMs ? 'resolve' : null
  const silent = o.expected || (o.silencedUntil !== null && now < o.silencedUntil)
  const since = Math.max(o.from, o.countsFrom ?? o.from, o.silencedUntil ?? o.from)
  const waited = now - since >= policy.escalateAfterMs * (o.escalation + 1)
  return o.status === 'open' && !silent && waited && o.escalation < policy.escalateMost ? 'escalate' : null
}
