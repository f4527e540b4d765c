/** What stands in the way of a lock, and what has changed since one: the cards against the data as it is now. */
import {
  type DistrictCode,
  HubError,
  limitText,
  type Scope,
  type Scorecard,
  type ScorecardChange,
  type ScorecardLock,
  type ScorecardStep,
  type ScoreSubject,
} from '@hub/contracts'
import { cityTime, hourMs, lockOf, monthSpan, restated, type SpoolState } from '@hub/core'
import type { Kysely } from 'kysely'
import type { ReportsData } from '../tables.ts'
import { draftScores, type Sources } from './draft.ts'
import type { ScorecardDraft } from './store.ts'

/** The locked ones among the cards that would be others today, in their order. */
export async function changedCards(
  sources: Sources,
  scope: Scope,
  cards: readonly Scorecard[],
): Promise<ScorecardChange[]> {
  const locked = cards.filter(({ status }) => status === 'locked')
  const changed: ScorecardChange[] = []
  const groups = Map.groupBy(locked, ({ month, subject }) => `${month} ${subject.kind}`)
  for (const group of groups.values()) {
    const { month, subject } = group[0]!
    const drafts = await draftScores(sources, month, subject.kind, scope)
    for (const card of group) {
      const differences = restated(card, renewed(card, drafts))
      if (differences.length > 0) changed.push({ id: card.id, differences })
    }
  }
  return changed
}

const none = { up: 0, down: 0, unknown: 0, exempt: 0 }

/** The card as it would be made now. */
export function renewed(card: Scorecard, drafts: readonly ScorecardDraft[]): Scorecard {
  const draft = drafts.find(({ subject }) => subject.key === card.subject.key)
  return draft ? { ...card, ...draft } : { ...card, devices: 0, totals: none }
}

/** When the card's month may be locked, and which gateways may hold data of it. */
export async function lockOfCard(
  { record, uptime }: Sources,
  { month, subject }: Pick<Scorecard, 'month' | 'subject'>,
): Promise<ScorecardLock> {
  const [version] = await uptime.judging(monthSpan(month))
  const { graceHours, provenance } = version!.rules.lock
  return lockOf(month, await spoolsOf(record.db, subject), { graceMs: graceHours * hourMs, provenance })
}

/** Of a district those that serve it; a carrier's cameras may be anywhere in the city. */
async function spoolsOf(db: Kysely<ReportsData>, { kind, key }: ScoreSubject): Promise<SpoolState[]> {
  const rows = await db
    .selectFrom('gateways_gateway')
    .select(['id', 'name', 'districts', 'drained_at'])
    .orderBy('id')
    .execute()
  return rows
    .filter(({ districts }) => kind === 'carrier' || (JSON.parse(districts) as DistrictCode[]).includes(key))
    .map(({ id, name, drained_at }) => ({ gateway: id, name, drainedAt: drained_at }))
}

export type Readiness = { lock: ScorecardLock; named: readonly string[]; moved: number }

/** Asked before the transaction of a review or a lock. */
export async function readinessOf(
  sources: Sources,
  scope: Scope,
  card: Scorecard,
  { step, unaccounted = [] }: ScorecardStep,
): Promise<Readiness> {
  const { clock } = sources
  const lock = await lockOfCard(sources, card)
  const isOver = monthSpan(card.month).to <= clock.now()
  // While a month runs its figures grow by the second.
  const drafts = isOver && step !== 'reopen' ? await draftScores(sources, card.month, card.subject.kind, scope) : null
  return { lock, named: unaccounted, moved: drafts ? restated(card, renewed(card, drafts)).length : 0 }
}

/** @throws HubError `scorecard.early`, `scorecard.stale`, `scorecard.spools` */
export function requireReady(
  { month }: Scorecard,
  step: ScorecardStep['step'],
  { lock, named, moved }: Readiness,
  now: number,
): void {
  if (step === 'lock' && now < lock.notBefore)
    throw new HubError('scorecard.early', { value: month, limit: cityTime(lock.notBefore) })
  if (moved > 0)
    throw new HubError('scorecard.stale', { value: month, limit: limitText('figures-moved', { count: moved }) })
  const waited = lock.unaccounted.filter(({ gateway }) => !named.includes(gateway))
  if (step === 'lock' && waited.length > 0)
    throw new HubError('scorecard.spools', { value: month, limit: waited.map(({ name }) => name).join('、') })
}
