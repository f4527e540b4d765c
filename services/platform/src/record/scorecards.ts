/**
 * Scorecards through their life: drafts are made again as often as wanted, one person reviews, another locks. A locked version
 * is hashed, chained to the version before, and immutable (the database itself refuses); a correction is a new version.
 */
import { randomUUID } from 'node:crypto'
import { HubError, type Scope, Scorecard, type ScorecardHistory, type ScoreSubject } from '@hub/contracts'
import { differences, type Step, sealedText, stepOf } from '@hub/core'
import type { Kysely } from 'kysely'
import { sha256 } from '../ids.ts'
import type { RecordTables } from './schema.ts'
import { ownsSubject } from './statements.ts'

type Db = Kysely<RecordTables>

/** What scoring says of a subject, before it is a card. */
export type ScorecardDraft = Pick<
  Scorecard,
  'month' | 'subject' | 'score' | 'pay' | 'lines' | 'policy' | 'devices' | 'totals' | 'asOf'
>

type Filter = { month: string; kind?: ScoreSubject['kind'] | undefined }

/**
 * The latest version of each card of a month, worst score first. A viewer of some districts sees their cards; a carrier's card
 * is computed over the whole city, so only who sees the whole city sees it.
 */
export async function listScorecards(db: Db, scope: Scope, { month, kind }: Filter): Promise<Scorecard[]> {
  let query = db
    .selectFrom('scorecard as it')
    .select('card')
    .where('month', '=', month)
    .where((where) =>
      where(
        'version',
        '=',
        where
          .selectFrom('scorecard as other')
          .select((of) => of.fn.max('other.version').as('latest'))
          .whereRef('other.month', '=', 'it.month')
          .whereRef('other.subject_kind', '=', 'it.subject_kind')
          .whereRef('other.subject', '=', 'it.subject'),
      ),
    )
  if (kind) query = query.where('subject_kind', '=', kind)
  const cards = (await query.execute()).map(({ card }) => Scorecard.parse(JSON.parse(card)))
  return cards.filter(({ subject }) => ownsSubject(scope, subject)).sort(worstScoreFirst)
}

const worstScoreFirst = (a: Scorecard, b: Scorecard) =>
  a.score - b.score || (a.subject.key < b.subject.key ? -1 : a.subject.key > b.subject.key ? 1 : 0)

/** All versions of the card that `id` is a version of, newest first. @throws HubError `scorecard.unknown`, also for one out of scope */
export async function scorecardHistory(db: Db, scope: Scope, id: string): Promise<ScorecardHistory> {
  const { month, subject } = await findScorecard(db, scope, id)
  const rows = await versionsOf(db, month, subject)
  return { versions: rows.map(({ card }) => card), whole: isWhole(rows) }
}

/** @throws HubError `scorecard.unknown`, also for one out of scope */
export async function findScorecard(db: Db, scope: Scope, id: string): Promise<Scorecard> {
  const row = await db.selectFrom('scorecard').select('card').where('id', '=', id).executeTakeFirst()
  const card = row && Scorecard.parse(JSON.parse(row.card))
  if (!card || !ownsSubject(scope, card.subject)) throw new HubError('scorecard.unknown', { value: id })
  return card
}

/** Whether each locked version still has the hash that it was locked with, and names that of the version before it. */
function isWhole(newestFirst: readonly { card: Scorecard; hash: string | null }[]): boolean {
  return newestFirst.every(({ card, hash }, n) => {
    const chained = card.previousHash === (newestFirst[n + 1]?.hash ?? null)
    return chained && (card.status !== 'locked' || (card.hash === hash && hash === sha256(sealedText(card))))
  })
}

/**
 * Makes cards of drafts: a new card, or the draft that is there made again. A reviewed card is left alone until it is reopened.
 * A locked one gets a new version only when a figure differs, and only with a reason. Run it in a transaction.
 * @throws HubError `scorecard.step` when nothing could be made because a locked card differs and no reason is given
 */
export async function putScorecards(
  trx: Db,
  drafts: readonly ScorecardDraft[],
  by: { actor: string; now: number; reason?: string | undefined },
): Promise<void> {
  let made = 0
  let differing = 0
  for (const draft of drafts) {
    const [latest, before] = (await versionsOf(trx, draft.month, draft.subject)).map(({ card }) => card)
    if (latest?.status === 'reviewed') continue
    if (latest?.status === 'locked') {
      if (differences(latest, fresh(draft, by)).length === 0) continue
      differing++
      if (by.reason === undefined) continue
      await insert(trx, successor(latest, { ...fresh(draft, by), reason: by.reason }), by)
    } else if (latest) await replace(trx, latest, before, fresh(draft, by), by)
    else await insert(trx, fresh(draft, by), by)
    made++
  }
  if (made === 0 && differing > 0)
    throw new HubError('scorecard.step', { value: 'locked', limit: `${differing} differ: give a reason` })
}

type By = { actor: string; now: number }

const fresh = (draft: ScorecardDraft, { actor, now }: By): Scorecard => ({
  ...draft,
  ...{ id: randomUUID(), version: 1, status: 'draft', madeBy: actor, madeAt: now, reason: null, differences: [] },
  ...{ reviewedBy: null, reviewedAt: null, lockedBy: null, lockedAt: null, hash: null, previousHash: null },
})

const successor = (was: Scorecard, now: Scorecard): Scorecard => ({
  ...now,
  ...{ version: was.version + 1, previousHash: was.hash, differences: differences(was, now) },
})

async function insert(trx: Db, card: Scorecard, { actor, now }: By): Promise<void> {
  const { id, month, subject, version, status } = card
  await trx
    .insertInto('scorecard')
    .values({
      ...{ id, month, subject_kind: subject.kind, subject: subject.key, version, status },
      ...{ card: JSON.stringify(card), hash: null },
    })
    .execute()
  await audit(trx, 'scorecard.make', card, actor, now)
}

/** A draft made again stays the card that it is: its id, its version, why there is one. */
async function replace(
  trx: Db,
  { id, reason }: Scorecard,
  before: Scorecard | undefined,
  now: Scorecard,
  by: By,
): Promise<void> {
  const card = { ...(before ? successor(before, now) : now), id, reason }
  await put(trx, card)
  await audit(trx, 'scorecard.make', card, by.actor, by.now)
}

/**
 * Review, reopen or lock. Whoever reviewed may not lock. Run it in a transaction; the permission is the caller's to check.
 * @throws HubError `scorecard.unknown`, `scorecard.step`, `approval.own`
 */
export async function stepScorecard(
  trx: Db,
  scope: Scope,
  id: string,
  step: Step,
  { actor, now }: By,
): Promise<Scorecard> {
  const card = await findScorecard(trx, scope, id)
  const [latest] = await versionsOf(trx, card.month, card.subject)
  if (latest?.card.id !== id)
    throw new HubError('scorecard.step', { value: card.status, limit: 'there is a newer version' })
  const next = stepOf(card.status, step)
  if (!next.ok) throw new HubError('scorecard.step', { value: card.status, limit: next.legal.join(', ') || 'none' })
  if (step === 'lock' && card.reviewedBy === actor) throw new HubError('approval.own', { value: actor, limit: 'lock' })
  const stepped = take(card, next.status, actor, now)
  await put(trx, stepped)
  await audit(trx, `scorecard.${step}`, stepped, actor, now)
  return stepped
}

function take(card: Scorecard, status: Scorecard['status'], actor: string, now: number): Scorecard {
  if (status === 'draft') return { ...card, status, reviewedBy: null, reviewedAt: null }
  if (status === 'reviewed') return { ...card, status, reviewedBy: actor, reviewedAt: now }
  const locked: Scorecard = { ...card, status, lockedBy: actor, lockedAt: now }
  return { ...locked, hash: sha256(sealedText(locked)) }
}

async function put(trx: Db, card: Scorecard): Promise<void> {
  const { id, status, hash } = card
  await trx
    .updateTable('scorecard')
    .set({ status, hash, card: JSON.stringify(card) })
    .where('id', '=', id)
    .execute()
}

async function versionsOf(
  db: Db,
  month: string,
  { kind, key }: ScoreSubject,
): Promise<{ card: Scorecard; hash: string | null }[]> {
  const rows = await db
    .selectFrom('scorecard')
    .select(['card', 'hash'])
    .where((where) => where.and({ month, subject_kind: kind, subject: key }))
    .orderBy('version', 'desc')
    .execute()
  return rows.map(({ card, hash }) => ({ card: Scorecard.parse(JSON.parse(card)), hash }))
}

async function audit(trx: Db, action: string, card: Scorecard, actor: string, at: number): Promise<void> {
  const { id, month, subject, version, score, hash, reason } = card
  const detail = { id, version, score, ...(hash && { hash }), ...(reason && { reason }) }
  await trx
    .insertInto('audit')
    .values({
      ...{ at, actor, action, subject: `${month} ${subject.kind} ${subject.key}`, detail: JSON.stringify(detail) },
    })
    .execute()
}
