/** Which months have been locked, as reports have it: asked for now and then, since every batch that comes asks how old it may be. */
import type { ReportsViews } from '@hub/contracts'
import { dayMs, type MonthLocks, monthLocks, monthOf } from '@hub/core'
import type { Kysely } from 'kysely'

/** Older months decide nothing any more. */
const backMs = 400 * dayMs

export class LockedMonths {
  readonly #db
  #locks: MonthLocks = new Map()

  constructor(db: Kysely<ReportsViews>) {
    this.#db = db
  }

  get all(): MonthLocks {
    return this.#locks
  }

  async read(now: number): Promise<MonthLocks> {
    const cards = await this.#db
      .selectFrom('reports_scorecard as card')
      .leftJoin('reports_seal as seal', 'seal.card', 'card.id')
      .select(['card.month', 'card.subject_kind as kind', 'card.subject', 'seal.sealed_at as sealedAt'])
      .where('card.month', '>=', monthOf(now - backMs))
      .execute()
    this.#locks = monthLocks(cards)
    return this.#locks
  }
}
