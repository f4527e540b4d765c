/** Ingest: what gateways say becomes durable, then acknowledged, then states, intervals and figures. */
import { parseTopic, topic, topicFilter } from '@hub/contracts'
import type { HealthPolicy } from '@hub/core'
import {
  createAdjustmentIndex,
  type Deps,
  dirtyQueue,
  type Message,
  type Module,
  periodic,
  putGateways,
} from '@hub/platform'
import { DirtyBuckets } from './buckets/dirty.ts'
import { writeBuckets } from './buckets/writer.ts'
import { type Arrival, Committer } from './committer.ts'
import { decode } from './decode.ts'
import { Directory } from './directory.ts'
import { ingestMetrics } from './metrics.ts'
import { Outbox } from './outbox.ts'
import { trim } from './retention.ts'
import { createStore } from './store.ts'
import { TelemetryWriter } from './telemetry.ts'
import { uptimeMetrics } from './uptime/metrics.ts'
import { Rollup } from './uptime/rollup.ts'

/** Bytes that may wait for a commit before senders are held back. */
const pendingLimit = 32 * 1024 * 1024
const secondMs = 1_000
const dayMs = 86_400_000
/** A steady device is written down within about four seconds: each second a quarter of those that wait… */
const flushShare = 4
const flushLeast = 500
/** …but under a flood no more than fits into this part of the second; replay at a start then has more to do. */
const flushMs = 30

export const ingestModule: Module = {
  name: 'ingest',
  create(deps: Deps) {
    const { config, clock, log, bus, record, history, metrics: registry } = deps
    const policy: HealthPolicy = config.policy.health
    const metrics = ingestMetrics(registry)
    const store = createStore(record.sqlite)
    const directory = new Directory(record.sqlite)
    const outbox = new Outbox(bus, log)
    const dirty = new DirtyBuckets()
    const adjusted = dirtyQueue(record.sqlite, 'buckets')
    const adjustments = createAdjustmentIndex(record.sqlite)
    const telemetry = new TelemetryWriter({ record, store, directory, history, metrics })
    const rollup = new Rollup({ record, clock, metrics: uptimeMetrics(registry) })
    const { rawDays } = config.retention
    const committer = new Committer({
      ...{ record, store, directory, outbox, dirty, metrics, clock, log, policy },
      notBefore: clock.now() + config.policy.startupGraceSeconds * secondMs,
      keptMs: rawDays * dayMs,
      onCommitted: (batch, observations) => telemetry.offer(batch, observations),
    })

    let waiting: Arrival[] = []
    let waitingBytes = 0
    let committing: Promise<void> | null = null

    /** What has come while the last transaction was made durable shares the next one. */
    const commitWaiting = async () => {
      while (waiting.length > 0) {
        const group = waiting
        waiting = []
        waitingBytes = 0
        try {
          for (const ack of await committer.commit(group))
            bus.publish(topic('acks', { gateway: ack.gateway }), JSON.stringify(ack)).catch((err: unknown) => {
              log.debug({ err, gateway: ack.gateway, seq: ack.seq }, 'ack not sent; the gateway sends the batch again')
            })
        } catch (err) {
          log.error({ err, batches: group.length }, 'commit failed; nothing of it is acknowledged')
        }
      }
      // In the same turn as the last look at `waiting`: what comes from here on starts the next round.
      committing = null
    }
    const receive = ({ topic: name, payload }: Message): Promise<void> | undefined => {
      const gateway = parseTopic(name)?.params.gateway
      if (!gateway) return
      waiting.push({ gateway, payload, decoded: decode(gateway, payload), receivedAt: clock.now() })
      waitingBytes += payload.length
      committing ??= new Promise((resolve) => setImmediate(resolve)).then(commitWaiting)
      return waitingBytes > pendingLimit ? committing : undefined
    }

    const unsubscribe: (() => Promise<void>)[] = []
    const periodics: (() => Promise<void>)[] = []
    const every = (seconds: number, name: string, work: () => Promise<unknown>) =>
      void periodics.push(periodic(clock, log, seconds * secondMs, name, work))

    return {
      async start() {
        await putGateways(record.db, config.gateways)
        directory.reload()
        const left = outbox.load(store)
        await committer.recover()
        telemetry.load()
        outbox.send(left)
        unsubscribe.push(
          await bus.subscribe(topicFilter('registry'), () => directory.reload()),
          await bus.subscribe(topicFilter('observations'), receive),
        )
        every(1, 'expire', () => committer.expire())
        every(1, 'late looks', () => committer.amend())
        every(1, 'flush', () =>
          committer.flush(Math.max(flushLeast, Math.ceil(committer.unwritten / flushShare)), flushMs),
        )
        every(2, 'telemetry', () => telemetry.write())
        every(10, 'buckets', async () => {
          metrics.dirtyBuckets.set(dirty.size)
          await writeBuckets({
            ...{ record, store, directory, history, dirty, adjusted, adjustments, clock },
            keep: config.history.keep,
            span: () => committer.span,
          })
        })
        every(2, 'rollup', () => rollup.run())
        every(20, 'telemetry cursor', () => telemetry.save())
        every(60, 'retention', () => trim({ record, store, clock }, rawDays, committer.checkpoint))
      },
      async stop() {
        rollup.stop()
        for (const stop of unsubscribe) await stop()
        for (const stop of periodics) await stop()
        await committing
        if (bus.connected) await outbox.settled()
        await committer.flush(Number.POSITIVE_INFINITY)
        await telemetry.save()
      },
    }
  },
}
