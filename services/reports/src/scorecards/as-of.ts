/** Scorecards as they were known at an instant: what was locked by then. A draft is made over, and it is not kept what it said. */
import { type Scope, Scorecard, type ScorecardList } from '@hub/contracts'
import type { Kysely } from 'kysely'
import type { ReportsData } from '../tables.ts'
import { ownsSubject } from './statements.ts'
import { worstScoreFirst } from './store.ts'

type Filter = { month: string; kind?: Scorecard['subject']['kind'] | undefined; asOf: number }

/** The latest version of each subject that was locked by then; and the subjects that have cards but none of them. */
export async function scorecardsAsOf(
  db: Kysely<ReportsData>,
  scope: Scope,
  { month, kind, asOf }: Filter,
): Promise<ScorecardList> {
  let query = db.selectFrom('scorecard').select('card').where('month', '=', month).orderBy('version')
  if (kind) query = query.where('subject_kind', '=', kind)
  const cards = (await query.execute())
    .map(({ card }) => Scorecard.parse(JSON.parse(card)))
    .filter(({ subject }) => ownsSubject(scope, subject))
  const nameOf = ({ subject }: Scorecard) => `${subject.kind} ${subject.key}`
  const locked = new Map<string, Scorecard>()
  for (const card of cards) if (card.lockedAt !== null && card.lockedAt <= asOf) locked.set(nameOf(card), card)
  const others = new Map(cards.filter((card) => !locked.has(nameOf(card))).map((card) => [nameOf(card), card.subject]))
  return {
    asOf,
    cards: [...locked.values()].sort(worstScoreFirst),
    changed: [],
    notKept: [...others.values()],
  }
}
