/** Notifications at work: takes requests, decides who is told of what, and sends it. Whatever has been decided is in the Record. */
import { dayMs, hourMs, secondMs } from '@hub/core'
import { type Deps, periodic, tablesOf } from '@hub/platform'
import { openChannel } from './channels/table.ts'
import type { NotifyConfig } from './config.ts'
import { createHubNotifier } from './hub-notifier.ts'
import { createIncidentNotifier } from './incident-notifier.ts'
import { trimLog } from './log.ts'
import { notificationMetrics } from './metrics.ts'
import { createNotifier, notificationPolicyOf } from './notifier.ts'
import { countNotifications, trimNotifications } from './queue.ts'
import { consumeRequests } from './requests.ts'
import { createRulesNotifier } from './rules-notifier.ts'
import { createSealNotifier } from './seal-notifier.ts'
import { createSender, type SenderDeps } from './sender.ts'
import { trimSubjects } from './subjects.ts'
import type { NotifyDb } from './tables.ts'
import { createWarner } from './warner.ts'

const decideMs = 5 * secondMs
const sendMs = secondMs
const keptMs = 90 * dayMs

export type DispatchOptions = {
  /** In [0, 1). */
  random?: () => number
  open?: typeof openChannel
  retry?: SenderDeps['retry']
}

/** Starts at once; `stop` waits for what is under way, at most as long as a channel may take to answer. */
export async function startDispatch(
  deps: Pick<Deps<NotifyConfig>, 'config' | 'clock' | 'log' | 'bus' | 'outbox' | 'record' | 'metrics'>,
  { random = Math.random, open = openChannel, retry }: DispatchOptions = {},
): Promise<{ stop(): Promise<void> }> {
  const { config, clock, log, bus } = deps
  const { channels } = config
  const record = tablesOf<NotifyDb>(deps.record)
  const metrics = notificationMetrics(deps.metrics)
  const policy = notificationPolicyOf(config.policy.outages)
  const parts = { record, clock, channels, policy }
  const rules = [
    createNotifier(parts),
    createWarner(parts),
    createHubNotifier(parts),
    createSealNotifier(parts),
    createRulesNotifier(parts),
    createIncidentNotifier(parts),
  ]
  const senders = channels.map((channel) =>
    createSender(channel, open(channel, { bus, clock }), {
      record,
      clock,
      log,
      random,
      metrics,
      ...(retry && { retry }),
    }),
  )
  // Each by itself: a slow channel keeps no other waiting.
  const sendAll = () => {
    for (const sender of senders) void sender.run()
  }
  // What came back while the hub was away is not known yet: the outages room looks at the end of the grace, and before anybody is told.
  const graceMs = config.policy.startupGraceSeconds * secondMs
  const certainFrom = clock.now() + (graceMs > 0 ? graceMs + decideMs : 0)
  const decide = async () => {
    if (clock.now() < certainFrom) return
    let queued = 0
    try {
      for (const rule of rules) queued += await rule.decide()
    } catch (err) {
      metrics.failedDecisions.inc()
      throw err
    } finally {
      if (queued > 0) sendAll()
    }
    metrics.queued.reset()
    for (const { channel, status, count } of await countNotifications(record.db))
      metrics.queued.set({ channel, status }, count)
  }
  const stops = [
    await consumeRequests(deps),
    await bus.subscribe('notificationQueued', sendAll),
    periodic(clock, log, decideMs, 'notifications', decide),
    periodic(clock, log, sendMs, 'sending of notifications', async () => sendAll()),
    periodic(clock, log, hourMs, 'retention of notifications', () =>
      record.transaction(async (trx) => {
        const before = clock.now() - keptMs
        await trimNotifications(trx, before)
        await trimLog(trx, before)
        await trimSubjects(trx, before)
      }),
    ),
  ]
  sendAll()
  return {
    async stop() {
      for (const stop of stops) await stop()
      await Promise.all(senders.map((sender) => sender.stop()))
    },
  }
}
