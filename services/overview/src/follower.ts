/** Keeps the live model, the feed and the stream up to date: by the bus, and by reading the record again now and then. */
import type { RegistryChanged, Transition } from '@hub/contracts'
import { dayMs, minuteMs, secondMs } from '@hub/core'
import { ChangedIds, type RecordStore, type RouteDeps } from '@hub/platform'
import type { OverviewData } from './data.ts'
import { liveDevices, liveDevicesOf, orderedUnits } from './devices.ts'
import type { MarkExempt } from './exempt.ts'
import type { Feed } from './feed.ts'
import type { Figures } from './figures.ts'
import type { LiveDevice, LiveModel } from './model.ts'
import { recentTransitions } from './recent.ts'

/** The record is read again this often: it makes up for a message that was lost. */
const rereadMs = minuteMs
/** A scrape is not answered with older rates. */
const measureMs = 15 * secondMs
/** Registry changes come in bursts (a file, a demo fleet): one read serves those within this time. */
const settleMs = 250
/** Screens read the registry again when they are told: not more often than this. */
const tellMs = 2_000
/** Changes of states go to the screens together; the last of each device wins. */
const deltaMs = 500

type Sources = Pick<RouteDeps, 'bus' | 'clock' | 'log' | 'stream'> & { record: RecordStore<OverviewData> }
type Parts = { model: LiveModel; feed: Feed; figures: Figures; markExempt: MarkExempt; measure: () => void }

export interface Follower {
  start(): Promise<void>
  stop(): Promise<void>
}

export function createFollower(
  { bus, clock, record, log, stream }: Sources,
  { model, feed, figures, markExempt, measure }: Parts,
): Follower {
  const endings: (() => unknown)[] = []
  const pending = new Map<string, LiveDevice>()
  /** Devices whose records have changed and are to be read. */
  const due = new ChangedIds()
  let reading: Promise<void> | undefined
  let settling = false
  let toldAt = 0
  let cancelDelta: (() => void) | undefined

  stream.snapshot('snapshot', (listeners, seq, asOf) => columns(model.devices(listeners), seq, asOf))

  const changed = (devices: readonly LiveDevice[]) => {
    for (const device of devices) pending.set(device.id, device)
    if (pending.size > 0) cancelDelta ??= clock.after(deltaMs, pushDelta)
  }
  const pushDelta = () => {
    cancelDelta = undefined
    const devices = [...pending.values()]
    pending.clear()
    stream.pushEach('delta', (listeners, seq, asOf) => {
      const changes = devices
        .filter((device) => model.sees(listeners, device))
        .map(({ id, state, since }) => [id, state, since] as const)
      return changes.length > 0 ? { seq, asOf, changes } : undefined
    })
  }
  const read = async (ids: readonly string[] | null) => {
    const asOf = clock.now()
    model.setOrdered(await orderedUnits(record.db))
    if (ids === null) {
      changed(model.load(await liveDevices(record.db), asOf))
      await markExempt()
      return
    }
    const devices = await liveDevicesOf(record.db, ids)
    const gone = new Set(ids)
    for (const { id } of devices) gone.delete(id)
    changed(model.update(devices, gone, asOf))
    await markExempt(devices)
  }
  /** One reading at a time, and one more for all that has come meanwhile. */
  const readDue = async () => {
    try {
      for (let ids = due.take(); ids !== undefined; ids = due.take()) await read(ids)
    } finally {
      reading = undefined
    }
  }
  const follow = () => {
    reading ??= readDue()
    return reading.catch((err: unknown) => log.error({ err }, 'the live model was not read again'))
  }
  const rereadAll = () => {
    due.add(null)
    return follow()
  }

  const audienceOf = ({ device, district }: { device: string; district: string }) => ({
    districts: [district],
    units: model.unitsOf(device),
  })
  const onTransition = (transition: Transition) => {
    if (!model.apply(transition)) return
    feed.add(transition)
    stream.push('transition', transition, audienceOf(transition))
    const device = model.get(transition.device)
    if (device) changed([device])
  }
  const onRegistry = ({ devices }: RegistryChanged) => {
    due.add(devices)
    if (settling) return
    settling = true
    clock.after(Math.max(settleMs, toldAt + tellMs - clock.now()), async () => {
      settling = false
      await follow()
      toldAt = clock.now()
      stream.pushEach('registry', (_, seq) => ({ seq }))
    })
  }

  return {
    async start() {
      // Subscribed first, read after: nothing falls between the two.
      endings.push(
        await bus.subscribe('transitions', onTransition),
        await bus.subscribe('events', (event) => stream.push('event', event, audienceOf(event))),
        await bus.subscribe('registry.changed', onRegistry),
        await bus.subscribe('corrections', () => figures.forget()),
        await bus.subscribe('changed', async ({ what }) => {
          if (what === 'work-orders') model.setOrdered(await orderedUnits(record.db))
          if (what !== 'adjustments') return
          await markExempt()
          figures.forget()
        }),
      )
      await read(null)
      for (const transition of await recentTransitions(record.db, clock.now() - dayMs, 500)) feed.add(transition)
      measure()
      endings.push(clock.every(rereadMs, rereadAll), clock.every(measureMs, measure))
    },
    async stop() {
      cancelDelta?.()
      for (const end of endings.splice(0)) await end()
    },
  }
}

/** Everything that a scope shows, by columns. */
const columns = (devices: readonly LiveDevice[], seq: number, asOf: number) => ({
  seq,
  asOf,
  ids: devices.map((d) => d.id),
  states: devices.map((d) => d.state),
  since: devices.map((d) => d.since),
})
