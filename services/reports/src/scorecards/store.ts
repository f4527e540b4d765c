/**
 * Scorecards through their life: drafts are made again as often as wanted, one person reviews, another locks. A locked version
 * is hashed, chained to the version before, and immutable (the database itself refuses); a correction is a new version.
 */
import { randomUUID } from 'node:crypto'
import {
  HubError,
  limitText,
  type Scope,
  Scorecard,
  type ScorecardHistory,
  type ScorecardSeal,
  type ScoreSubject,
} from '@hub/contracts'
import { differences, restated, type Step, sealedText, stepOf } from '@hub/core'
import { type AuditPort, sha256 } from '@hub/platform'
import type { Kysely } from 'kysely'
import type { ReportsData } from '../tables.ts'
import { ownsSubject } from './statements.ts'

type Db = Kysely<ReportsData>

/** What scoring says of a subject, before it is a card. */
export type ScorecardDraft = Pick<
  Scorecard,
  'month' | 'subject' | 'score' | 'pay' | 'coverage' | 'lines' | 'policy' | 'judging' | 'devices' | 'totals' | 'asOf'
>

type Filter = { month: string; kind?: ScoreSubject['kind'] | undefined }

/**
 * The latest version of each card of a month, without a score first, then the worst. A viewer of some districts sees their cards; a carrier's card
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

/** What could not be scored stands first: somebody has to see to it. */
export const worstScoreFirst = (a: Scorecard, b: Scorecard) =>
  (a.score ?? -1) - (b.score ?? -1) || (a.subject.key < b.subject.key ? -1 : a.subject.key > b.subject.key ? 1 : 0)

/** `ready` throws what keeps the card from its step. `unaccounted`: gateways whose data is taken for missing, kept on a card that is locked. */
export type LockConditions = { ready?: (card: Scorecard) => void; unaccounted?: Scorecard['unaccounted'] }

/** Whether the seal of a locked card holds. `text`: the card as it stands in the Record. */
export type CheckSeal = (card: Scorecard, text: string) => Promise<ScorecardSeal>

/** All versions of the card that `id` is a version of, newest first. @throws HubError `scorecard.unknown`, also for one out of scope */
export async function scorecardHistory(
  db: Db,
  scope: Scope,
  id: string,
  checkSeal: CheckSeal,
): Promise<Pick<ScorecardHistory, 'versions' | 'whole' | 'seals'>> {
  const { month, subject } = await findScorecard(db, scope, id)
  const rows = await versionsOf(db, month, subject)
  const locked = rows.filter(({ card }) => card.status === 'locked')
  const seals = await Promise.all(locked.map(({ card, text }) => checkSeal(card, text)))
  const whole = isWhole(rows) && seals.every(({ faults }) => faults.length === 0)
  return { versions: rows.map(({ card }) => card), whole, seals }
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
 * A locked one gets a new version only when a figure of the month differs, and only with a reason. Run it in a transaction.
 * @throws HubError `scorecard.step` when a locked card differs and no reason is given, or a reviewed one was not reopened: an old card is no answer
 */
export async function putScorecards(
  trx: Db,
  drafts: readonly ScorecardDraft[],
  by: By & { reason?: string | undefined },
): Promise<void> {
  let locked = 0
  let reviewed = 0
  for (const draft of drafts) {
    const [latest, before] = (await versionsOf(trx, draft.month, draft.subject)).map(({ card }) => card)
    const made = fresh(draft, by)
    if (latest?.status === 'reviewed' || latest?.status === 'locked') {
      if (restated(latest, made).length === 0) continue
      if (latest.status === 'reviewed') reviewed++
      else if (by.reason === undefined) locked++
      else await insert(trx, successor(latest, { ...made, reason: by.reason }), by)
    } else if (latest) await replace(trx, latest, before, made, by)
    else await insert(trx, made, by)
  }
  const refused = (value: 'locked' | 'reviewed', limit: string) => new HubError('scorecard.step', { value, limit })
  if (locked > 0) throw refused('locked', limitText('differ-reason', { count: locked }))
  if (reviewed > 0) throw refused('reviewed', limitText('reviewed-reopen', { count: reviewed }))
}

/** Who acts, and where it is written down. */
export type By = { audit: AuditPort; actor: string; now: number }

const fresh = (draft: ScorecardDraft, { actor, now }: By): Scorecard => ({
  ...draft,
  id: randomUUID(),
  version: 1,
  status: 'draft',
  madeBy: actor,
  madeAt: now,
  reason: null,
  differences: [],
  reviewedBy: null,
  reviewedAt: null,
  lockedBy: null,
  lockedAt: null,
  hash: null,
  previousHash: null,
})

const successor = (was: Scorecard, now: Scorecard): Scorecard => ({
  ...now,
  version: was.version + 1,
  previousHash: was.hash,
  differences: differences(was, now),
})

async function insert(trx: Db, card: Scorecard, by: By): Promise<void> {
  const { id, month, subject, version, status } = card
  await trx
    .insertInto('scorecard')
    .values({
      id,
      month,
      subject_kind: subject.kind,
      subject: subject.key,
      version,
      status,
      card: JSON.stringify(card),
      hash: null,
    })
    .execute()
  await writeAudit(trx, 'scorecard.make', card, by)
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
  await writeAudit(trx, 'scorecard.make', card, by)
}

/**
 * Review, reopen or lock. Whoever reviewed may not lock. Run it in a transaction; the permission is the caller's to check.
 * @param ready throws what else stands in the way
 * @param unaccounted kept with a lock
 * @throws HubError `scorecard.unknown`, `scorecard.step`, `approval.own`
 */
export async function stepScorecard(
  trx: Db,
  scope: Scope,
  id: string,
  step: Step,
  by: By,
  { seal, ...conditions }: LockConditions & { seal?: { fingerprint: string } } = {},
): Promise<Scorecard> {
  const stepped = await steppedScorecard(trx, scope, id, step, by, conditions)
  await put(trx, stepped)
  await writeAudit(trx, `scorecard.${step}`, stepped, by, seal)
  return stepped
}

/** The card as it would be after the step; nothing is written. @throws as `stepScorecard` */
export async function steppedScorecard(
  trx: Db,
  scope: Scope,
  id: string,
  step: Step,
  { actor, now }: Pick<By, 'actor' | 'now'>,
  { ready, unaccounted }: LockConditions = {},
): Promise<Scorecard> {
  const card = await findScorecard(trx, scope, id)
  const [latest] = await versionsOf(trx, card.month, card.subject)
  if (latest?.card.id !== id)
    throw new HubError('scorecard.step', { value: card.status, limit: limitText('newer-version') })
  const next = stepOf(card.status, step)
  if (!next.ok) throw new HubError('scorecard.step', { value: card.status, limit: next.legal.join(', ') || 'none' })
  if (step === 'lock' && card.reviewedBy === actor)
    throw new HubError('approval.own', { value: actor, limit: limitText('act-lock') })
  ready?.(card)
  return advanced(step === 'lock' && unaccounted ? { ...card, unaccounted } : card, next.status, actor, now)
}

function advanced(card: Scorecard, status: Scorecard['status'], actor: string, now: number): Scorecard {
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
): Promise<{ card: Scorecard; text: string; hash: string | null }[]> {
  const rows = await db
    .selectFrom('scorecard')
    .select(['card', 'hash'])
    .where((where) => where.and({ month, subject_kind: kind, subject: key }))
    .orderBy('version', 'desc')
    .execute()
  return rows.map(({ card, hash }) => ({ card: Scorecard.parse(JSON.parse(card)), text: card, hash }))
}

async function writeAudit(
  trx: Db,
  action: string,
  card: Scorecard,
  { audit, actor, now }: By,
  more: object = {},
): Promise<void> {
  const { id, month, subject, version, score, hash, reason, unaccounted } = card
  const missing = unaccounted?.map(({ gateway }) => gateway) ?? []
  await audit.append(trx, {
    at: now,
    actor,
    action,
    subject: `${month} ${subject.kind} ${subject.key}`,
    detail: {
      id,
      version,
      score,
      ...(hash && { hash }),
      ...(missing.length > 0 && { missing }),
      ...(reason && { reason }),
      ...more,
    },
  })
}
