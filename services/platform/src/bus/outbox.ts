import { setTimeout } from 'node:timers/promises'
import type { MessageInput, MessageName, MessageParams, MessageValue } from '@hub/contracts'
import type { Kysely, Transaction } from 'kysely'
import type { Clock } from '../clock.ts'
import type { RecordStore } from '../database/open.ts'
import type { PlatformTables } from '../database/tables.ts'
import type { Log } from '../log.ts'
import { putDeadLetter } from './dead-letters.ts'
import type { MessageBus } from './message-bus.ts'

/** Values in one row. */
const rowSize = 500
/** Rows that are read at one stretch. */
const page = 200
/** A consumer that nobody woke reads by itself. */
const rereadMs = 5_000
/** A row that fails so often is put aside as a dead letter. */
const mostTries = 10
/** So long a stop waits for what is being published; what is not stays. */
const stopMs = 5_000
/** Published rows are deleted this often. */
const tidyMs = 10_000

export type Outgoing = {
  [N in MessageName]: { name: N; params: MessageParams<N>; value: MessageInput<N> }
}[MessageName]
export type Delivered<N extends MessageName> = {
  /** Of the row and the place in it: the same whenever it is delivered again. */
  id: string
  message: N
  params: MessageParams<N>
  value: MessageValue<N>
}
export type Consumer<N extends MessageName = MessageName> = {
  /** Of the cursor: never renamed. */
  name: string
  messages: readonly N[]
  /** In the transaction that moves the cursor. What it throws is logged, and the same rows come again. */
  take(trx: Transaction<PlatformTables>, delivered: Delivered<N>): Promise<void>
  /** After the commit of what was taken. */
  taken?(): void
}

export interface Outbox {
  /** Inside the transaction of `db`; published once that has been committed. */
  append<N extends MessageName>(
    // biome-ignore lint/suspicious/noExplicitAny: any room's tables
    db: Kysely<any>,
    name: N,
    params: MessageParams<N>,
    value: MessageInput<N>,
  ): Promise<void>
  /** The same on the raw handle, inside `record.commit`. */
  appendAll(messages: readonly Outgoing[]): void
  /** To be called before any room writes: what is appended waits also for a durable consumer that has never run. */
  prepare(): Promise<void>
  /** Reads on from where the consumer was. @returns the stop */
  consume<N extends MessageName>(consumer: Consumer<N>): Promise<() => Promise<void>>
  /** Publishes what an earlier run left behind. To be called when everybody listens. */
  start(): Promise<void>
  /** Deletes what is published and what every consumer of it has taken; what could not be published is tried again. Done now and then. */
  tidy(): Promise<void>
  /** When everything that was committed has been published, or could not be. */
  settled(): Promise<void>
  stop(): Promise<void>
}

type Row = { id: number; message: MessageName; params: string; body: string }
type Parts = { record: RecordStore<PlatformTables>; bus: MessageBus; clock: Clock; log: Log }

/** @param durable every consumer of the hub, also those that do not run in this process: rows wait for them */
export function openOutbox(
  { record, bus, clock, log }: Parts,
  durable: readonly Pick<Consumer, 'name' | 'messages'>[] = [],
): Outbox {
  const { sqlite } = record
  const insert = sqlite.prepare('INSERT INTO outbox (at, message, params, body) VALUES (?, ?, ?, ?)')
  const row = sqlite.prepare('SELECT id, message, params, body FROM outbox WHERE id = ?')
  const after = sqlite.prepare(
    `SELECT id, message, params, body FROM outbox
     WHERE message IN (SELECT value FROM json_each(?)) AND id > ? ORDER BY id LIMIT ?`,
  )
  const unpublished = sqlite.prepare('SELECT id FROM outbox WHERE published = 0 ORDER BY id')
  const newest = sqlite.prepare('SELECT coalesce(max(id), 0) AS id FROM outbox')
  const position = sqlite.prepare('SELECT position FROM outbox_cursor WHERE consumer = ?')
  const begin = sqlite.prepare('INSERT INTO outbox_cursor VALUES (?, ?) ON CONFLICT DO NOTHING')
  const drop = sqlite.prepare('DELETE FROM outbox WHERE id = ?')
  const mark = sqlite.prepare('UPDATE outbox SET published = 1 WHERE id = ?')
  const dropTaken = sqlite.prepare('DELETE FROM outbox WHERE published = 1 AND message = ? AND id <= ?')
  const dropUnawaited = sqlite.prepare(
    'DELETE FROM outbox WHERE published = 1 AND message NOT IN (SELECT value FROM json_each(?))',
  )
  const awaited = new Set<string>(durable.flatMap(({ messages }) => messages))
  const wakers = new Set<(appended: ReadonlySet<string>) => void>()

  /** Rows of this process: written and not committed perhaps, committed and to be published, published and to be marked or deleted. */
  const appended: { id: number; name: string }[] = []
  const waiting: number[] = []
  const published: number[] = []
  let publishing = Promise.resolve()
  let stopped = false

  const publishRow = async (id: number) => {
    const found = row.get(id) as Row | undefined
    // Rolled back, or deleted by whoever published it.
    if (!found) return
    const params = JSON.parse(found.params) as never
    await Promise.all((JSON.parse(found.body) as never[]).map((value) => bus.publish(found.message, params, value)))
    published.push(id)
  }
  const publish = () => {
    publishing = publishing.then(async () => {
      for (const id of waiting.splice(0)) {
        if (stopped) return
        await publishRow(id).catch((err: unknown) => {
          log.warn({ err, id }, 'not published; it stays in the outbox')
          waiting.push(id)
        })
      }
    })
  }
  record.afterCommit(() => {
    if (appended.length === 0) return
    const rows = appended.splice(0)
    // Of a row that was rolled back there is nothing; its id may be given again.
    waiting.push(...new Set(rows.map(({ id }) => id).filter((id) => row.get(id) !== undefined)))
    publish()
    const names = new Set(rows.map(({ name }) => name))
    for (const wake of wakers) wake(names)
  })

  const tidy = async () => {
    if (waiting.length > 0) publish()
    if (published.length === 0 && awaited.size === 0) return
    const done = published.splice(0)
    await record.commit(() => {
      for (const id of done) (awaited.size === 0 ? drop : mark).run(id)
      if (done.length > 0 && awaited.size > 0) dropUnawaited.run(JSON.stringify([...awaited]))
      for (const message of awaited) {
        const consumers = durable.filter(({ messages }) => messages.some((name) => name === message))
        const taken = consumers.map(
          ({ name }) => (position.get(name) as { position: number } | undefined)?.position ?? 0,
        )
        dropTaken.run(message, Math.min(...taken))
      }
    })
  }
  let stopTidying = () => {}

  return {
    async append(db, name, params, value) {
      const { insertId } = await (db as Kysely<PlatformTables>)
        .insertInto('outbox')
        .values({ at: clock.now(), message: name, params: JSON.stringify(params), body: JSON.stringify([value]) })
        .executeTakeFirstOrThrow()
      appended.push({ id: Number(insertId), name })
    },
    appendAll(messages) {
      const at = clock.now()
      for (const [{ name, params }, values] of rowsOf(messages))
        appended.push({ id: Number(insert.run(at, name, params, JSON.stringify(values)).lastInsertRowid), name })
    },
    prepare: () =>
      record.commit(() => {
        const { id } = newest.get() as { id: number }
        for (const { name } of durable) begin.run(name, id)
      }),
    async consume({ name, messages, take, taken = () => {} }) {
      await record.commit(() => begin.run(name, (newest.get() as { id: number }).id))
      const wanted = JSON.stringify(messages)
      const failures = new Map<number, number>()
      let ended = false
      const positionIn = () => (position.get(name) as { position: number }).position
      const moveTo = (trx: Transaction<PlatformTables>, to: number) =>
        trx.updateTable('outbox_cursor').set({ position: to }).where('consumer', '=', name).execute()
      /** While nobody writes: rows that are not committed are not seen, for they may never be. */
      const next = () =>
        record.db.connection().execute(async () => {
          const from = positionIn()
          return { from, rows: after.all(wanted, from, page) as Row[] }
        })
      const takeRows = (from: number, rows: readonly Row[]) =>
        record.transaction(async (trx) => {
          // Another process with the same consumer may have been quicker.
          if (positionIn() !== from) return
          for (const { id, message, params, body } of rows)
            for (const [place, value] of (JSON.parse(body) as never[]).entries())
              await take(trx, { id: `${id}.${place}`, message: message as never, params: JSON.parse(params), value })
          await moveTo(trx, rows.at(-1)!.id)
        })
      /** One that fails again and again is put aside for people to see, so that it holds up no other. */
      const putAside = ({ id, message, body }: Row, err: unknown) =>
        record.transaction(async (trx) => {
          const reason = err instanceof Error ? err.message : String(err)
          const letter = { at: clock.now(), source: `outbox ${name} ${message}`, reason, payload: Buffer.from(body) }
          await putDeadLetter(trx, letter)
          await moveTo(trx, id)
          log.error({ err, id, consumer: name, message }, 'a row of the outbox could not be taken and was put aside')
        })
      const takeOne = async (from: number, one: Row) => {
        try {
          await takeRows(from, [one])
          failures.delete(one.id)
        } catch (err) {
          const tries = (failures.get(one.id) ?? 0) + 1
          failures.set(one.id, tries)
          if (tries < mostTries) throw err
          failures.delete(one.id)
          await putAside(one, err)
        }
      }
      const round = async () => {
        for (;;) {
          const { from, rows } = await next()
          if (rows.length === 0 || stopped || ended) return
          // Together as a rule; one by one where one of them has failed.
          if (failures.size > 0) await takeOne(from, rows[0]!)
          else
            await takeRows(from, rows).catch(async (err: unknown) => {
              log.warn({ err, consumer: name }, 'rows of the outbox are taken one by one')
              await takeOne(from, rows[0]!)
            })
          taken()
        }
      }
      let running: Promise<void> | undefined
      let again = false
      const run = () => {
        again = true
        running ??= (async () => {
          while (again && !ended) {
            again = false
            await round().catch((err: unknown) =>
              log.error({ err, consumer: name }, 'the outbox was not read on; it is tried again'),
            )
          }
          running = undefined
        })()
      }
      const wake = (names: ReadonlySet<string>) => {
        if (messages.some((message) => names.has(message))) run()
      }
      wakers.add(wake)
      // Another process may have written them.
      const unsubscribe = await Promise.all(messages.map((message) => bus.subscribeBytes(message, () => run())))
      const stop = clock.every(rereadMs, run)
      run()
      return async () => {
        ended = true
        wakers.delete(wake)
        stop()
        for (const end of unsubscribe) await end()
        await running
      }
    },
    async start() {
      waiting.push(...(unpublished.all() as { id: number }[]).map(({ id }) => id))
      publish()
      stopTidying = clock.every(
        tidyMs,
        () => void tidy().catch((err: unknown) => log.error({ err }, 'the outbox was not tidied')),
      )
    },
    tidy,
    settled: () => publishing,
    async stop() {
      stopTidying()
      if (bus.connected) await Promise.race([publishing, setTimeout(stopMs, undefined, { ref: false })])
      stopped = true
      if (sqlite.isOpen) await tidy()
    },
  }
}

/** Messages of one name and topic that follow one another share a row. */
function* rowsOf(messages: readonly Outgoing[]): Generator<[{ name: MessageName; params: string }, unknown[]]> {
  let head: { name: MessageName; params: string } | undefined
  let values: unknown[] = []
  for (const { name, params, value } of messages) {
    const levels = JSON.stringify(params)
    if (head && (head.name !== name || head.params !== levels || values.length >= rowSize)) {
      yield [head, values]
      head = undefined
    }
    if (!head) {
      head = { name, params: levels }
      values = []
    }
    values.push(value)
  }
  if (head) yield [head, values]
}
