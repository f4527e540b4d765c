/** What the rules remember: in the Record where it is more than nothing, and a copy in memory that follows the commits. */
import { freshMemory, isFresh, type RuleMemory } from '@hub/core'
import type { Db } from './db.ts'
import type { KeptRule } from './rules.ts'

const keyOf = ({ id, version }: Pick<KeptRule, 'id' | 'version'>, subject: string) => `${id} ${version} ${subject}`

export class Memories {
  #kept = new Map<string, RuleMemory>()
  /** Of the transaction that is under way. */
  #pending = new Map<string, RuleMemory>()

  async load(db: Db): Promise<void> {
    const rows = await db.selectFrom('linkage_memory').selectAll().execute()
    this.#pending.clear()
    this.#kept = new Map(
      rows.map((row) => [keyOf({ id: row.rule, version: row.version }, row.subject), JSON.parse(row.memory)]),
    )
  }

  get(rule: KeptRule, subject: string): RuleMemory {
    const key = keyOf(rule, subject)
    return this.#pending.get(key) ?? this.#kept.get(key) ?? freshMemory
  }

  /** When something came last is written with the next change only: as it is, it makes no difference but for what comes in disorder. */
  async put(trx: Db, rule: KeptRule, subject: string, memory: RuleMemory): Promise<void> {
    const before = this.get(rule, subject)
    if (before === memory) return
    this.#pending.set(keyOf(rule, subject), memory)
    const isSame = before.since === memory.since && before.fired === memory.fired && before.firedAt === memory.firedAt
    if (isSame) return
    const own = { rule: rule.id, version: rule.version, subject }
    if (isFresh(memory))
      await trx
        .deleteFrom('linkage_memory')
        .where('rule', '=', own.rule)
        .where('version', '=', own.version)
        .where('subject', '=', subject)
        .execute()
    else {
      const text = JSON.stringify(memory)
      await trx
        .insertInto('linkage_memory')
        .values({ ...own, memory: text })
        .onConflict((conflict) => conflict.columns(['rule', 'version', 'subject']).doUpdateSet({ memory: text }))
        .execute()
    }
  }

  /** What was put is committed. */
  settle(): void {
    for (const [key, memory] of this.#pending) this.#kept.set(key, memory)
    this.#pending.clear()
  }

  /** Another transaction begins: what was put and not settled was rolled back. */
  drop(): void {
    this.#pending.clear()
  }
}
