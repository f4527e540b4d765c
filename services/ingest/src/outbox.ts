/**
 * Messages that must be published at least once: written in the transaction that causes them, published after it, deleted
 * with a later one. What a crash leaves behind is published at the next start.
 */
import type { Bus, Log } from '@hub/platform'
import type { Store } from './store.ts'

export type Outgoing = { topic: string; payload: string }

const prefix = 'outbox:'
/** Messages in one row. */
const rowSize = 500

type Row = { key: string; messages: Outgoing[] }

export class Outbox {
  readonly #bus: Pick<Bus, 'publish'>
  readonly #log: Log
  readonly #delivered: string[] = []
  readonly #failed: Row[] = []
  #sending = Promise.resolve()
  #number = 0

  constructor(bus: Pick<Bus, 'publish'>, log: Log) {
    this.#bus = bus
    this.#log = log
  }

  /** Inside the transaction. Give what it returns to `send` once that is committed. */
  put(store: Store, messages: readonly Outgoing[]): Row[] {
    const rows: Row[] = []
    for (let i = 0; i < messages.length; i += rowSize) {
      this.#number++
      const row = { key: prefix + String(this.#number).padStart(12, '0'), messages: messages.slice(i, i + rowSize) }
      store.putMeta(row.key, JSON.stringify(row.messages))
      rows.push(row)
    }
    return rows
  }

  /** Publishes in order; returns at once. */
  send(rows: readonly Row[]): void {
    for (const row of rows)
      this.#sending = this.#sending.then(async () => {
        try {
          await Promise.all(row.messages.map(({ topic, payload }) => this.#bus.publish(topic, payload)))
          this.#delivered.push(row.key)
        } catch (err) {
          this.#log.warn({ err, key: row.key }, 'not published; it stays in the outbox')
          this.#failed.push(row)
        }
      })
  }

  /** Inside a transaction: forgets what has been published. Tries again what could not be. */
  tidy(store: Store): void {
    for (const key of this.#delivered.splice(0)) store.dropMeta(key)
    this.send(this.#failed.splice(0))
  }

  /** What the last run of the hub left unpublished. */
  load(store: Store): Row[] {
    const rows = store.metaUnder(prefix).map(({ key, value }) => ({ key, messages: JSON.parse(value) as Outgoing[] }))
    const last = rows.at(-1)
    if (last) this.#number = Math.max(this.#number, Number(last.key.slice(prefix.length)))
    return rows
  }

  get unpublished(): boolean {
    return this.#delivered.length > 0 || this.#failed.length > 0
  }

  settled = (): Promise<void> => this.#sending
}
