/** An action that goes out of the hub, on its way: intent, tries, receipt. */
import type { RunAction } from '@hub/contracts'
import { secondMs } from '../common/time/units.ts'

export type ActionProgress = Pick<
  RunAction,
  'state' | 'attempts' | 'startedAt' | 'finishedAt' | 'deadline' | 'reason'
> & { retries: number /** Not before this it is tried again. */; nextAt: number }

/** The first try at once, the second a second later, then each twice as long after the one before. */
const pauseMs = (attempts: number): number => secondMs * 2 ** Math.min(attempts - 1, 6)

/** Why it ended without having been done. */
export type Unsuccess = 'expired' | 'no-answer'

/** What is written before it is sent: it counts from then on, whatever becomes of the hub. Undefined: it is too late. */
export function attempt<A extends ActionProgress>(action: A, now: number): A | undefined {
  if (now >= action.deadline) return undefined
  return { ...action, state: 'running', attempts: action.attempts + 1, startedAt: action.startedAt ?? now }
}

/** What a try has brought. A failure that may pass is tried again while there are tries and time. */
export function receive<A extends ActionProgress>(
  action: A,
  outcome: { ok: true } | { ok: false; reason: string; lasting: boolean },
  now: number,
): A {
  if (outcome.ok) return { ...action, state: 'done', finishedAt: now, reason: null }
  const nextAt = now + pauseMs(action.attempts)
  const again = !outcome.lasting && action.attempts <= action.retries && nextAt < action.deadline
  return again
    ? { ...action, state: 'waiting', reason: outcome.reason, nextAt }
    : { ...action, state: 'failed', finishedAt: now, reason: outcome.reason }
}

/**
 * After a restart: one that was sent and has no receipt may have been done. It is asked for again, with its key, so that whoever has done
 * it says so; that is no further try of its own.
 */
export const resume = <A extends ActionProgress>(action: A, now: number): A =>
  action.state === 'running'
    ? { ...action, state: 'waiting', attempts: Math.max(0, action.attempts - 1), nextAt: now }
    : action
