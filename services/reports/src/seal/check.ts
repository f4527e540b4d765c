/** Whether the seal of a card still agrees with all that was written when it was locked. Asked at each reading. */
import type { Scorecard, ScorecardSeal, SealFault } from '@hub/contracts'
import { sha256 } from '@hub/platform'
import type { Kysely } from 'kysely'
import type { ReportsData } from '../tables.ts'
import type { Anchor, AnchorLine } from './anchor.ts'
import { opened } from './dsse.ts'
import type { HubKey } from './hub-key.ts'
import type { Statement } from './pack.ts'

type Sources = {
  db: Kysely<ReportsData>
  key: HubKey
  anchor: Pick<Anchor, 'lines'>
  hasPack(fingerprint: string): boolean
}

export const subjectText = ({ month, subject, version }: Pick<Scorecard, 'month' | 'subject' | 'version'>): string =>
  `${month} ${subject.kind} ${subject.key} ${version}`

/** @param text of the card, as it stands in the Record */
export async function checkSeal(
  { db, key, anchor, hasPack }: Sources,
  card: Scorecard,
  text: string,
): Promise<ScorecardSeal> {
  const none: ScorecardSeal = {
    version: card.version,
    seq: null,
    fingerprint: null,
    sealedAt: null,
    evidence: null,
    faults: [],
  }
  const row = await db.selectFrom('seal').selectAll().where('card', '=', card.id).executeTakeFirst()
  if (!row) return { ...none, faults: ['no-seal'] }
  const faults = new Set<SealFault>()
  const seal = opened(row.envelope, key)
  const statement = seal?.statement as Statement | undefined
  if (!seal || !statement || seal.fingerprint !== row.fingerprint || statement.predicate.seq !== row.seq)
    faults.add('signature-bad')
  const sealed = statement?.subject.find(({ name }) => name === 'card.json')?.digest.sha256
  if (sealed !== sha256(text) || statement?.predicate.card.id !== card.id) faults.add('card-changed')
  const before = await db
    .selectFrom('seal')
    .select('fingerprint')
    .where('seq', '=', row.seq - 1)
    .executeTakeFirst()
  const previous = row.seq === 1 ? null : before?.fingerprint
  if (row.previous !== previous || statement?.predicate.previous !== previous) faults.add('chain-broken')
  const line = await auditLine(db, card)
  if (line?.fingerprint !== row.fingerprint) faults.add('audit-differs')
  const anchored = readAnchor(anchor)
  if (anchored === undefined) faults.add('anchor-unreadable')
  else if (anchored.get(row.seq)?.fingerprint !== row.fingerprint || isSealedOtherwise(anchored, card, row.seq))
    faults.add('anchor-differs')
  if (!hasPack(row.fingerprint)) faults.add('pack-gone')
  const evidence = statement?.predicate.evidence
  return {
    ...none,
    seq: row.seq,
    fingerprint: row.fingerprint,
    sealedAt: row.sealed_at,
    evidence: evidence
      ? {
          batches: evidence.batches + (evidence.hours?.batches ?? 0),
          unsigned: evidence.unsigned + (evidence.hours?.unsigned ?? 0),
          missing: evidence.missing.reduce((sum, { from, to }) => sum + to - from + 1, 0),
        }
      : null,
    faults: [...faults],
  }
}

function readAnchor(anchor: Pick<Anchor, 'lines'>): ReadonlyMap<number, AnchorLine> | undefined {
  try {
    return anchor.lines()
  } catch {
    return undefined
  }
}

/** The same version of the same card under another number: one of the two was made up. */
const isSealedOtherwise = (lines: ReadonlyMap<number, AnchorLine>, card: Scorecard, seq: number): boolean =>
  [...lines.values()].some((line) => line.card === subjectText(card) && line.seq !== seq)

async function auditLine(
  db: Kysely<ReportsData>,
  { id, month, subject }: Scorecard,
): Promise<{ fingerprint?: string } | undefined> {
  const lines = await db
    .selectFrom('access_audit')
    .select('detail')
    .where('action', '=', 'scorecard.lock')
    .where('subject', '=', `${month} ${subject.kind} ${subject.key}`)
    .execute()
  return lines.map(({ detail }) => JSON.parse(detail)).find((detail) => detail.id === id)
}
