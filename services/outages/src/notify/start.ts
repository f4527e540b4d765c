/** Notices: decides who is told of what, and sends it. Whatever has been decided is in the Record. */
import { messages, parseOr, topicFilter } from '@hub/contracts'
import { countNotices, type Deps, periodic, trimNotices } from '@hub/platform'
import { createWarner } from '../orders/warnings.ts'
import { openChannel } from './channels/open.ts'
import { noticeMetrics } from './metrics.ts'
import { createSender, type SenderDeps } from './sender.ts'
import { createTeller, tellingPolicyOf } from './teller.ts'

const lookMs = 5_000
const sendMs = 1_000
const dayMs = 86_400_000
const keptMs = 90 * dayMs
const hourMs = 3_600_000
/** `id` on the topic `outages`: a row was put in the queue by hand. */
const wakeId = 'notice'

export type NoticeDeps = Pick<Deps, 'config' | 'clock' | 'log' | 'bus' | 'record' | 'metrics'>
export type NoticeOptions = {
  /** In [0, 1). */
  random?: () => number
  open?: typeof openChannel
  retry?: SenderDeps['retry']
}

/** Starts at once; `stop` waits for what is under way, at most as long as a channel may take to answer. */
export async function startNotices(
  { config, clock, log, bus, record, metrics: registry }: NoticeDeps,
  { random = Math.random, open = openChannel, retry }: NoticeOptions = {},
): Promise<{ stop(): Promise<void> }> {
  const { channels } = config
  const metrics = noticeMetrics(registry)
  const policy = tellingPolicyOf(config.policy.outages)
  const teller = createTeller({ record, clock, channels, policy })
  const warner = createWarner({ record, clock, config, policy })
  const senders = channels.map((channel) =>
    createSender(channel, open(channel, { bus, clock }), {
      ...{ record, clock, log, random, metrics },
      ...(retry && { retry }),
    }),
  )
  // Each by itself: a slow channel keeps no other waiting.
  const sendAll = () => {
    for (const sender of senders) void sender.run()
  }
  // What came back while the hub was away is not known yet.
  const surely = clock.now() + config.policy.startupGraceSeconds * 1_000
  const look = async () => {
    if (clock.now() < surely) return
    try {
      const queued = (await teller.look()) + (await warner.look())
      if (queued > 0) sendAll()
    } catch (err) {
      metrics.failedLooks.inc()
      throw err
    }
    metrics.queued.reset()
    for (const { channel, status, count } of countNotices(record.sqlite)) metrics.queued.set({ channel, status }, count)
  }
  const unsubscribe = await bus.subscribe(topicFilter('outages'), ({ payload }) => {
    const { id } = parseOr(messages.outages, JSON.parse(payload.toString()), 'payload.invalid', { value: 'outages' })
    if (id === wakeId) sendAll()
  })
  const stops = [
    periodic(clock, log, lookMs, 'notices', look),
    periodic(clock, log, sendMs, 'sending of notices', async () => sendAll()),
    periodic(clock, log, hourMs, 'retention of notices', () =>
      record.commit((sqlite) => trimNotices(sqlite, clock.now() - keptMs)),
    ),
  ]
  sendAll()
  return {
    async stop() {
      await unsubscribe()
      for (const stop of stops) await stop()
      await Promise.all(senders.map((sender) => sender.stop()))
    },
  }
}
