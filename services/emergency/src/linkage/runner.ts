/**
 * Sends what goes out of the hub: intent written before, receipt after. What was sent when the hub died is asked for again with the same
 * key, and whoever has done it says so without doing it again.
 */
import { HubError } from '@hub/contracts'
import { attempt, receive, resume } from '@hub/core'
import { tablesOf } from '@hub/platform'
import type { Performed, Row, RunnerDeps } from './action.ts'
import type { LinkageDb, Trx } from './db.ts'
import { perform } from './perform.ts'
import type { LinkageActionTable } from './tables.ts'

/** Under way at once; a gateway takes as many. */
const atOnce = 32

export class Runner {
  readonly #deps: RunnerDeps
  readonly #record
  readonly #running = new Map<string, Promise<void>>()
  #pumping: Promise<void> | undefined
  #again = false
  #stopped = false
  #cancel = () => {}

  constructor(deps: RunnerDeps) {
    this.#deps = deps
    this.#record = tablesOf<LinkageDb>(deps.record)
  }

  /** Goes on with what a run before has left. */
  async start(): Promise<void> {
    const now = this.#deps.clock.now()
    await this.#record.transaction(async (trx) => {
      const rows = await trx.selectFrom('linkage_action').selectAll().where('state', '=', 'running').execute()
      for (const row of rows) {
        const { state, attempts, nextAt } = resume(progressOf(row), now)
        await whose(trx.updateTable('linkage_action').set({ state, attempts, next_at: nextAt }), row).execute()
      }
    })
    this.wake()
  }

  wake(): void {
    this.#again = true
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = undefined
      if (this.#again && !this.#stopped) this.wake()
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel()
    await this.#pumping
    // What is under way has its row: the next run asks for it again.
  }

  async #pump(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false
      this.#cancel()
      try {
        const due = await this.#takeDue()
        for (const row of due) this.#begin(row)
        if (due.length > 0 && this.#running.size < atOnce) this.#again = true
        else await this.#sleepUntilNext()
      } catch (err) {
        this.#deps.log.error({ err }, 'actions of linkage were not begun; they are tried again')
        this.#cancel = this.#deps.clock.after(1_000, () => this.wake())
      }
    }
  }

  /** Intents of all that is due and has room, in one transaction. */
  async #takeDue(): Promise<Row[]> {
    const { clock } = this.#deps
    const room = atOnce - this.#running.size
    if (room <= 0) return []
    const waits = await this.#record.db
      .selectFrom('linkage_action')
      .select('run')
      .where('state', '=', 'waiting')
      .where('next_at', '<=', clock.now())
      .limit(1)
      .executeTakeFirst()
    if (!waits) return []
    const ended = new Map<string, Row>()
    const due = await this.#record.transaction(async (trx) => {
      const now = clock.now()
      const rows = await trx
        .selectFrom('linkage_action as a')
        .innerJoin('linkage_run as r', 'r.id', 'a.run')
        .selectAll('a')
        .select(['r.incident', 'r.district'])
        .where('a.state', '=', 'waiting')
        .where('a.next_at', '<=', now)
        .orderBy('a.next_at')
        .orderBy('a.run')
        .orderBy('a.seq')
        .limit(room)
        .execute()
      const begun: Row[] = []
      for (const row of rows) {
        const own = { ...row, asked: JSON.parse(row.asked), result: JSON.parse(row.result), incident: row.incident! }
        const tried = attempt(progressOf(row), now)
        if (tried) {
          const { state, attempts, startedAt } = tried
          await whose(trx.updateTable('linkage_action').set({ state, attempts, started_at: startedAt }), row).execute()
          begun.push({ ...own, state, attempts, started_at: startedAt })
        } else {
          const expired = { state: 'failed', reason: row.reason ?? 'expired', finished_at: now }
          await whose(trx.updateTable('linkage_action').set(expired), row).execute()
          await finishRun(trx, row.run)
          ended.set(row.run, own)
        }
      }
      return begun
    })
    for (const row of ended.values()) this.#tell(row)
    return due
  }

  #begin(row: Row): void {
    const name = `${row.run} ${row.seq} ${row.target}`
    const work = this.#perform(row)
      .catch((err: unknown) =>
        this.#deps.log.error(
          { err, run: row.run, action: row.kind },
          'a receipt was not written; it is asked for again',
        ),
      )
      .finally(() => {
        this.#running.delete(name)
        if (!this.#stopped) this.wake()
      })
    this.#running.set(name, work)
  }

  async #perform(row: Row): Promise<void> {
    const { clock } = this.#deps
    const performed = await perform(this.#deps, row).catch(failureOf)
    if (this.#stopped) return
    await this.#record.transaction(async (trx) => {
      const now = clock.now()
      const skipped = !performed.ok && performed.skipped
      const { state, finishedAt, reason, nextAt } = receive(progressOf(row), performed, now)
      const result = performed.ok ? performed.result : row.result
      const receipt = { state: skipped ? 'skipped' : state, finished_at: finishedAt, reason, next_at: nextAt }
      await whose(
        trx.updateTable('linkage_action').set({ ...receipt, result: JSON.stringify({ ...row.result, ...result }) }),
        row,
      ).execute()
      if (performed.ok) await performed.write?.(trx, now)
      await finishRun(trx, row.run)
    })
    this.#tell(row)
  }

  #tell({ run, incident, district }: Row): void {
    const districts = district === null ? ('city' as const) : [district as never]
    this.#deps.publishChange({ what: 'linkage', id: run, districts })
    this.#deps.publishChange({ what: 'incidents', id: incident, districts })
  }

  async #sleepUntilNext(): Promise<void> {
    const { clock } = this.#deps
    const next = await this.#record.db
      .selectFrom('linkage_action')
      .select('next_at')
      .where('state', '=', 'waiting')
      .orderBy('next_at')
      .limit(1)
      .executeTakeFirst()
    if (next && this.#running.size < atOnce)
      this.#cancel = clock.after(Math.max(10, next.next_at - clock.now()), () => this.wake())
  }
}

const progressOf = (
  row: Pick<
    LinkageActionTable,
    'state' | 'attempts' | 'retries' | 'next_at' | 'started_at' | 'finished_at' | 'deadline' | 'reason'
  >,
) => ({
  state: row.state as 'waiting' | 'running' | 'done' | 'failed' | 'skipped',
  attempts: row.attempts,
  retries: row.retries,
  nextAt: row.next_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  deadline: row.deadline,
  reason: row.reason,
})

/** What will not be otherwise the next time is not tried again. */
const lasting = new Set<string>(['device.unknown', 'request.invalid'])
const failureOf = (err: unknown): Performed => {
  const reason = err instanceof HubError ? err.code : 'internal'
  return { ok: false, reason, lasting: lasting.has(reason) }
}

const whose = <Q extends { where(column: 'run' | 'seq' | 'target', is: '=', value: never): Q }>(
  query: Q,
  { run, seq, target }: Pick<LinkageActionTable, 'run' | 'seq' | 'target'>,
): Q =>
  query
    .where('run', '=', run as never)
    .where('seq', '=', seq as never)
    .where('target', '=', target as never)

async function finishRun(trx: Trx, run: string): Promise<void> {
  const open = await trx
    .selectFrom('linkage_action')
    .select('run')
    .where('run', '=', run)
    .where('state', 'in', ['waiting', 'running'])
    .executeTakeFirst()
  if (!open) await trx.updateTable('linkage_run').set({ state: 'finished' }).where('id', '=', run).execute()
}
