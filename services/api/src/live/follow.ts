/** Keeps the live model, the feed and the stream up to date: by the bus, and by a reading of the record now and then. */
import { Changed, DeviceEvent, Transition, topicFilter } from '@hub/contracts'
import type { Deps, Message } from '@hub/platform'
import { liveDevices } from '../store/devices.ts'
import { recentTransitions } from '../store/feed.ts'
import { orderAudiences, outageAudiences } from '../store/trouble.ts'
import type { StreamHub } from '../stream/hub.ts'
import type { MarkExempt } from './exempt.ts'
import type { Feed } from './feed.ts'
import type { Figures } from './figures.ts'
import { createGatherer } from './gather.ts'
import type { LiveModel } from './model.ts'

const dayMs = 86_400_000
/** A message that was lost is made up for within this time. */
const rereadMs = 60_000
/** Registry changes come in bursts (a file, a demo fleet): one reading serves those within this time. */
const settleMs = 250
/** Outages and work orders change many at once: the first is told at once, then one event a second tells of all. */
const gatherMs = 1_000

type Parts = { model: LiveModel; feed: Feed; figures: Figures; stream: StreamHub; markExempt: MarkExempt }

export interface Follower {
  start(): Promise<void>
  stop(): Promise<void>
}

export function createFollower(
  { bus, clock, record, log }: Pick<Deps, 'bus' | 'clock' | 'record' | 'log'>,
  { model, feed, figures, stream, markExempt }: Parts,
): Follower {
  const endings: (() => unknown)[] = []
  let settling = false

  const reread = async () => {
    const asOf = clock.now()
    stream.changed(model.load(await liveDevices(record.db), asOf))
    await markExempt()
  }
  const rereadLogged = () => reread().catch((err: unknown) => log.error({ err }, 'the live model was not read again'))

  const onTransition = ({ payload, topic }: Message) => {
    const parsed = Transition.safeParse(JSON.parse(payload.toString('utf8')))
    if (!parsed.success) return log.warn({ topic, err: parsed.error }, 'a transition is not one')
    const transition = parsed.data
    if (!model.apply(transition)) return
    feed.add(transition)
    stream.transition(transition)
    const device = model.get(transition.device)
    if (device) stream.changed([device])
  }
  const onEvent = ({ payload, topic }: Message) => {
    const { data, error } = DeviceEvent.safeParse(JSON.parse(payload.toString('utf8')))
    if (data) stream.event(data)
    else log.warn({ topic, err: error }, 'an event is not one')
  }
  const onChanged = (what: 'adjustments' | 'exports') => async (message: Message) => {
    const { data, error } = Changed.safeParse(JSON.parse(message.payload.toString('utf8')))
    if (!data) return log.warn({ topic: message.topic, err: error }, 'a change is not one')
    if (what === 'adjustments') {
      await markExempt()
      figures.forget()
    }
    stream.told({ what, id: data.id })
  }
  const tellOutages = (ids: readonly string[]) =>
    // Without an id: too many to be named.
    ids.includes('')
      ? stream.told({ what: 'outages', id: '' })
      : outageAudiences(record.db, ids).then(stream.toldOutages, (err: unknown) =>
          log.error({ err }, 'changes of outages were not told; they are read again anyway'),
        )
  const tellOrders = (ids: readonly string[]) =>
    orderAudiences(record.db, ids).then(stream.toldOrders, (err: unknown) =>
      log.error({ err }, 'changes of work orders were not told; they are read again anyway'),
    )
  const onTrouble = (tell: (ids: readonly string[]) => unknown) => {
    const gatherer = createGatherer(clock, gatherMs, tell)
    endings.push(gatherer.cancel)
    return ({ payload, topic }: Message) => {
      const { data, error } = Changed.safeParse(JSON.parse(payload.toString('utf8')))
      if (!data) return log.warn({ topic, err: error }, 'a change is not one')
      // A notice that waits to be sent changes nothing on the board.
      if (data.id !== 'notice') gatherer.add(data.id)
    }
  }
  const onRegistry = () => {
    if (settling) return
    settling = true
    clock.after(settleMs, async () => {
      settling = false
      await rereadLogged()
      stream.registryChanged()
    })
  }

  return {
    async start() {
      // Subscribed first, read after: nothing falls between the two.
      endings.push(
        await bus.subscribe(topicFilter('transitions'), onTransition),
        await bus.subscribe(topicFilter('events'), onEvent),
        await bus.subscribe(topicFilter('registry'), onRegistry),
        await bus.subscribe(topicFilter('adjustments'), onChanged('adjustments')),
        await bus.subscribe(topicFilter('exports'), onChanged('exports')),
        await bus.subscribe(topicFilter('outages'), onTrouble(tellOutages)),
        await bus.subscribe(topicFilter('workOrders'), onTrouble(tellOrders)),
        await bus.subscribe(topicFilter('corrections'), () => figures.forget()),
      )
      await reread()
      for (const transition of await recentTransitions(record.db, clock.now() - dayMs, 500)) feed.add(transition)
      endings.push(clock.every(rereadMs, rereadLogged))
    },
    async stop() {
      for (const end of endings.splice(0)) await end()
    },
  }
}
