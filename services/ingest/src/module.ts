/** Ingest: what gateways say becomes durable, then acknowledged, then states, intervals and figures. */

import type { GatewayId, ReportsViews } from '@hub/contracts'
import { digestsKeptFrom, rawKeptFrom, settledUntil } from '@hub/core'
import { type Module, periodic, tablesOf, yieldToEventLoop } from '@hub/platform'
import { packBatches, packDigests } from './batch-packer.ts'
import { createLagWatch } from './behind.ts'
import { Committer } from './committer.ts'
import { type IngestConfig, ingestConfig, lagPolicyOf } from './config.ts'
import { Directory } from './directory.ts'
import { GroupTime } from './group-time.ts'
import { deadLetterHandlers } from './handlers/dead-letters.ts'
import { eventHandlers } from './handlers/events.ts'
import { observationHandlers } from './handlers/observations.ts'
import { telemetryHandlers } from './handlers/telemetry.ts'
import { Intake } from './intake.ts'
import { createLagFollower } from './lag-follower.ts'
import { LateStretches } from './late-stretches.ts'
import { ingestMetrics } from './metrics.ts'
import { ingestMigrations } from './migrations/index.ts'
import { LockedMonths } from './month-locks.ts'
import * as packQueries from './pack-queries.ts'
import { writeProbeFigures } from './probe-writer.ts'
import { trim, trimDeadLetters } from './retention.ts'
import { healthPolicyOf } from './rules.ts'
import { packRuns } from './run-packer.ts'
import { createStore } from './store.ts'
import { TelemetryWriter } from './telemetry.ts'
import { ingestViews } from './views.ts'

const secondMs = 1_000
/** A steady device is written down within about four seconds: each second a quarter of those that wait… */
const flushShare = 4
const flushLeast = 500
/** …but under a flood no more than fits into this part of the second; replay at a start then has more to do. */
const flushMs = 30
/** Transactions a second for the runs of days that are over. */
const runPacksASecond = 4

export const ingestModule: Module<IngestConfig> = {
  name: 'ingest',
  migrations: ingestMigrations,
  views: ingestViews,
  config: ingestConfig,
  routes(deps) {
    const lag = createLagFollower(deps)
    return {
      handlers: {
        ...observationHandlers(deps),
        ...telemetryHandlers(deps),
        ...eventHandlers(deps),
        ...deadLetterHandlers(deps),
        ...lag.handlers,
      },
      start: lag.start,
      stop: lag.stop,
      health: lag.health,
    }
  },
  create(deps) {
    const { config, clock, log, bus, outbox, record, restated, history, metrics: registry } = deps
    const policy = healthPolicyOf(record.sqlite, config.policy.health)
    const metrics = ingestMetrics(registry)
    const store = createStore(record.sqlite)
    const directory = new Directory(record.sqlite)
    const intake = new Intake()
    const lag = createLagWatch({
      ...deps,
      store,
      oldestAt: () => intake.oldestAt,
      directory,
      metrics,
      policy: lagPolicyOf(config.policy),
      staleAfter: policy.staleAfter,
    })
    const lateStretches = new LateStretches()
    const telemetry = new TelemetryWriter({ record, store, directory, history, metrics })
    const { retention } = config
    const months = new LockedMonths(tablesOf<ReportsViews>(record).db)
    const keptFrom = (now: number) => rawKeptFrom(retention, now, months.all)
    const digestsFrom = (now: number) => digestsKeptFrom(retention, now, months.all)
    const reader = record.reader(new URL('./pack-queries.ts', import.meta.url), packQueries)
    const committer = new Committer({
      record,
      store,
      directory,
      outbox,
      restated,
      lateStretches,
      metrics,
      clock,
      log,
      policy,
      notBefore: clock.now() + config.policy.startupGraceSeconds * secondMs,
      heardUntil: lag.heardUntil,
      keptFrom,
      unsigned: config.policy.evidence.unsigned,
      onCommitted({ id, gateway, observations }) {
        telemetry.offer(id, observations)
        lag.committed(gateway, observations)
      },
    })

    const groupTime = new GroupTime()
    let committing: Promise<void> | null = null

    const observeIntake = () => {
      metrics.waitingBatches.set(intake.batches)
      metrics.waitingBytes.set(intake.bytes)
    }
    /** What has come while the last transaction was made durable shares the next one, as far as its time goes. */
    const commitGroup = async () => {
      try {
        for (const ack of await committer.commit(intake.turn(groupTime.ms, !committer.isLateFull)))
          bus.publish('acks', { gateway: ack.gateway }, ack).catch((err: unknown) => {
            log.debug({ err, gateway: ack.gateway, seq: ack.seq }, 'ack not sent; the gateway sends the batch again')
          })
        groupTime.observe(committer.heldMs)
        lag.settled()
      } catch (err) {
        log.error({ err }, 'commit failed; nothing of it is acknowledged')
        lag.failed(err)
      }
      intake.settle()
      observeIntake()
    }
    const commitWaiting = async () => {
      while (!intake.isEmpty) {
        await commitGroup()
        // Sessions, pings and whatever else came meanwhile have their turn.
        await yieldToEventLoop()
      }
      // In the same turn as the last look at `intake`: what comes from here on starts the next round.
      committing = null
    }
    const receive = (payload: Buffer, { gateway }: { gateway: GatewayId }): Promise<void> | undefined => {
      const { repeated, shed } = intake
      const held = intake.offer(gateway, payload, clock.now())
      metrics.repeated.inc(intake.repeated - repeated)
      metrics.shed.inc(intake.shed - shed)
      observeIntake()
      committing ??= yieldToEventLoop().then(commitWaiting)
      return held
    }

    const unsubscribe: (() => Promise<void>)[] = []
    const periodics: (() => Promise<void>)[] = []
    const every = (seconds: number, name: string, work: () => Promise<unknown>) =>
      void periodics.push(periodic(clock, log, seconds * secondMs, name, work))

    return {
      async start() {
        await record.commit(() => store.keepPastSince(clock.now()))
        await months.read(clock.now())
        await committer.recover()
        telemetry.load()
        await lag.start()
        unsubscribe.push(
          await bus.subscribe('registry.changed', ({ devices }) => directory.changed(devices)),
          await bus.subscribeBytes('observations', receive),
        )
        every(1, 'expire', () => committer.expire())
        every(1, 'late observations', () => committer.amend())
        every(1, 'flush', () =>
          committer.flush(Math.max(flushLeast, Math.ceil(committer.unwritten / flushShare)), flushMs),
        )
        every(2, 'telemetry', () => telemetry.write())
        every(10, 'probe figures', () =>
          writeProbeFigures({
            record,
            store,
            directory,
            history,
            late: lateStretches,
            clock,
            keep: config.history.keep,
            span: () => committer.span,
          }),
        )
        every(20, 'telemetry cursor', () => telemetry.save())
        every(1, 'pack batches', async () => {
          // The newest stays a row: it tells when something came last.
          const upTo = Math.min(committer.checkpoint, telemetry.saved, store.newestBatch() - 1)
          await packBatches({ record, reader, store, clock }, upTo)
          await packDigests({ record, reader, store, clock })
        })
        every(1, 'pack runs', async () => {
          const settled = (now: number) => settledUntil(retention, now, months.all)
          const packer = { record, store, clock, settled, evidenceDays: retention.evidenceDays }
          for (let n = 0; n < runPacksASecond; n++) {
            if (await packRuns(packer)) return
            await yieldToEventLoop()
          }
        })
        every(10, 'dead letters', () => trimDeadLetters({ record, store }, retention.deadLetters))
        every(60, 'retention', async () => {
          await months.read(clock.now())
          return trim({ record, store, clock }, keptFrom, committer.checkpoint, digestsFrom)
        })
      },
      async stop() {
        for (const stop of unsubscribe) await stop()
        for (const stop of periodics) await stop()
        await committing
        await lag.stop()
        await committer.flush(Number.POSITIVE_INFINITY)
        await telemetry.save()
      },
    }
  },
}
