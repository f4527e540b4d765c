/**
 * Locking a card: its pack is written first, then card, seal and audit line in one transaction, then the anchor. A hub that dies in between has a
 * file too many, or an anchor line to make up for: `start` does.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { HubError, limitText, type MessageInput, type Scope, type Scorecard } from '@hub/contracts'
import type { ReportsDeps } from '../deps.ts'
import { type By, type LockConditions, steppedScorecard, stepScorecard } from '../scorecards/store.ts'
import { type AnchorLine, openAnchor } from './anchor.ts'
import { checkSeal, subjectText } from './check.ts'
import { type HubKey, openHubKey } from './hub-key.ts'
import { writePack } from './pack.ts'

export type Sealing = ReturnType<typeof openSealing>

export function openSealing(deps: Pick<ReportsDeps, 'record' | 'uptime' | 'config' | 'log' | 'outbox'>) {
  const { record, config, log, outbox } = deps
  const { db } = record
  const folder = join(config.data, 'packs')
  const packPath = (fingerprint: string) => join(folder, `${fingerprint}.zip`)
  const anchor = openAnchor(config.seal.anchor ?? join(config.data, 'anchor.jsonl'))
  let key: HubKey | undefined
  /** Made when it is first needed: a process that serves other rooms makes none. */
  const hubKey = (): HubKey => (key ??= openHubKey(config.data))
  /** One after another: each names the one before. */
  let turn: Promise<unknown> = Promise.resolve()

  /** Whom it is about is told: of a district by its code, of a carrier by its unit. */
  function toldOf(
    { month, subject, version, score, pay }: Scorecard,
    seal: { seq: number; fingerprint: string; previous: string | null; sealedAt: number; hub: string },
  ): MessageInput<'notificationRequested'> {
    const unit = subject.kind === 'carrier' ? config.seal.units[subject.key] : undefined
    return {
      v: 1,
      at: seal.sealedAt,
      kind: 'seal',
      key: seal.fingerprint,
      importance: 'normal',
      ended: true,
      districts: subject.kind === 'district' ? [subject.key] : [],
      ...(unit && { unit }),
      state: { month, subject, version, score, pay, ...seal },
    }
  }

  async function lock(scope: Scope, id: string, by: By, conditions: LockConditions): Promise<Scorecard> {
    const card = await steppedScorecard(db, scope, id, 'lock', by, conditions)
    const last = await db
      .selectFrom('seal')
      .select(['seq', 'fingerprint'])
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    const place = { seq: (last?.seq ?? 0) + 1, previous: last?.fingerprint ?? null, sealedAt: by.now }
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const draft = join(folder, `${id}.part`)
    try {
      const packed = await writePack(deps, draft, card, { ...place, key: hubKey() })
      if (!addsUp(card, packed.devices))
        throw new HubError('scorecard.step', { value: 'reviewed', limit: limitText('card-moved') })
      const { fingerprint, envelope, keys } = packed
      renameSync(draft, packPath(fingerprint))
      await record.transaction(async (trx) => {
        // Nobody has touched it meanwhile: the same card comes of it.
        const locked = await stepScorecard(trx, scope, id, 'lock', by, { ...conditions, seal: { fingerprint } })
        if (locked.hash !== card.hash)
          throw new HubError('scorecard.step', { value: 'reviewed', limit: limitText('just-changed') })
        const { seq, previous, sealedAt } = place
        const row = {
          seq,
          previous,
          card: id,
          fingerprint,
          envelope: JSON.stringify(envelope),
          keys: JSON.stringify(keys),
        }
        await trx
          .insertInto('seal')
          .values({ ...row, sealed_at: sealedAt })
          .execute()
        const told = toldOf(card, { ...place, fingerprint, hub: hubKey().id })
        await outbox.append(trx, 'notificationRequested', {}, told)
      })
      await anchorMissing()
      return card
    } finally {
      rmSync(draft, { force: true })
    }
  }

  /** Seals that the anchor does not have yet; what it has is never written again. */
  async function anchorMissing(): Promise<void> {
    try {
      const last = Math.max(0, ...anchor.lines().keys())
      const rows = await db
        .selectFrom('seal')
        .innerJoin('scorecard', 'scorecard.id', 'seal.card')
        .select(['seq', 'fingerprint', 'previous', 'keys', 'sealed_at', 'scorecard.card'])
        .where('seq', '>', last)
        .orderBy('seq')
        .execute()
      for (const { seq, fingerprint, previous, keys, sealed_at, card } of rows)
        anchor.append({
          v: 1,
          seq,
          fingerprint,
          previous,
          hub: hubKey().id,
          card: subjectText(JSON.parse(card)),
          sealedAt: sealed_at,
          keys: JSON.parse(keys),
        } satisfies AnchorLine)
    } catch (err) {
      log.error({ err }, 'the anchor of sealed scorecards cannot be written; it is tried again at the next lock')
    }
  }

  return {
    start: anchorMissing,
    /** @throws HubError as `stepScorecard`; `scorecard.step` also when the figures have moved since the card was made */
    lock(scope: Scope, id: string, by: By, conditions: LockConditions = {}): Promise<Scorecard> {
      const mine = turn.then(() => lock(scope, id, by, conditions))
      turn = mine.catch(() => {})
      return mine
    },
    check: (card: Scorecard, text: string) =>
      checkSeal({ db, key: hubKey(), anchor, hasPack: (fingerprint) => existsSync(packPath(fingerprint)) }, card, text),
    /** @throws HubError `seal.none` */
    async pack(card: Scorecard): Promise<{ path: string; fingerprint: string }> {
      const row = await db.selectFrom('seal').select('fingerprint').where('card', '=', card.id).executeTakeFirst()
      if (!row) throw new HubError('seal.none', { value: card.id, limit: limitText('not-locked') })
      const path = packPath(row.fingerprint)
      if (!existsSync(path)) throw new HubError('seal.none', { value: card.id, limit: limitText('pack-file-gone') })
      return { path, fingerprint: row.fingerprint }
    },
  }
}

type Times = Scorecard['totals']
/** The devices of the pack make the figures of the card, to the millisecond. */
function addsUp({ devices, totals }: Scorecard, rows: readonly Times[]): boolean {
  const sum = (of: keyof Times) => rows.reduce((all, row) => all + row[of], 0)
  return rows.length === devices && (['up', 'down', 'unknown', 'exempt'] as const).every((of) => sum(of) === totals[of])
}
