/** Outages: transitions become outages with a cause, an owner, a clock and an end. */
import { messages, parseOr, type TopicName, topic, topicFilter } from '@hub/contracts'
import { lifePolicyOf, type Message, type Module, periodic } from '@hub/platform'
import { Follower } from './follower.ts'
import { outageMetrics } from './metrics.ts'
import { startNotices } from './notify/start.ts'
import { startOrders } from './orders/orders.ts'
import { takeOwnSteps } from './own-steps.ts'
import { Places } from './places.ts'

const secondMs = 1_000
/** Of more outages at once only the board is told. */
const toldMost = 50

export const outagesModule: Module = {
  name: 'outages',
  create(deps) {
    const { config, bus, clock, log, record } = deps
    const { startupGraceSeconds } = config.policy
    const life = lifePolicyOf(config.policy)
    const metrics = outageMetrics(deps.metrics)
    const places = new Places(record)
    let follower: Follower
    let stale = false
    const stops: (() => Promise<void>)[] = []

    const tell = (ids: readonly string[]) => {
      for (const id of ids.length > toldMost ? [''] : ids)
        bus
          .publish(topic('outages'), JSON.stringify({ v: 1, at: clock.now(), id }))
          .catch((err: unknown) => log.debug({ err, id }, 'not told of an outage; the board is read again anyway'))
    }
    const subscribe = async (name: TopicName, handler: (message: Message) => void) =>
      void stops.push(await bus.subscribe(topicFilter(name), handler))
    const every = (seconds: number, name: string, work: () => Promise<unknown>) =>
      void stops.push(periodic(clock, log, seconds * secondMs, name, work))

    const settle = async () => {
      if (stale) {
        stale = false
        await places.reload(clock.now())
        follower.registryChanged()
      }
      const written = await follower.settle().catch((err: unknown) => {
        metrics.failedWrites.inc()
        throw err
      })
      tell([...written.outages.map(({ id }) => id), ...written.gone])
    }
    return {
      async start() {
        await places.reload(clock.now())
        follower = new Follower({ clock, record, log, places, metrics, graceMs: startupGraceSeconds * secondMs })
        await subscribe('transitions', ({ payload }) =>
          follower.hear(
            parseOr(messages.transitions, JSON.parse(payload.toString()), 'payload.invalid', { value: 'transitions' }),
          ),
        )
        await subscribe('corrections', ({ payload }) =>
          follower.correct(
            parseOr(messages.corrections, JSON.parse(payload.toString()), 'payload.invalid', { value: 'corrections' }),
          ),
        )
        for (const name of ['registry', 'topology'] as const)
          await subscribe(name, () => {
            stale = true
          })
        every(1, 'outages', settle)
        const notices = await startNotices(deps)
        stops.push(() => notices.stop())
        every(5, 'own steps of outages', async () => tell(await takeOwnSteps(record, life, clock.now())))
        stops.push(startOrders(deps))
      },
      async stop() {
        for (const stop of stops.splice(0)) await stop()
        await follower?.settle()
      },
    }
  },
}
