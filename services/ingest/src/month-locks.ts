/** Which months have been locked, as reports have it: asked for now and then, since every batch that comes asks how old it may be. */
import type { DatabaseSync } from 'node:sqlite'
import { dayMs, type MonthLocks, monthLocks, monthOf, type SealedCard } from '@hub/core'

/** Older months decide nothing any more. */
const backMs = 400 * dayMs

export class LockedMonths {
  readonly #sqlite
  #locks: MonthLocks = new Map()

  constructor(sqlite: DatabaseSync) {
    this.#sqlite = sqlite
  }

  get all(): MonthLocks {
    return this.#locks
  }

  read(now: number): MonthLocks {
    const cards = this.#sqlite
      .prepare(
        `SELECT card.month, card.subject_kind AS kind, card.subject, seal.sealed_at AS "sealedAt"
         FROM reports_scorecard AS card LEFT JOIN reports_seal AS seal ON seal.card = card.id WHERE card.month >= ?`,
      )
      .all(monthOf(now - backMs)) as SealedCard[]
    this.#locks = monthLocks(cards)
    return this.#locks
  }
}
