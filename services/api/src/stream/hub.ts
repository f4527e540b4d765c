/**
 * The live stream: a channel for each scope and the units whose work orders it sees. Changes are coalesced, the last of each device wins; transitions and changes
 * of the registry are numbered one by one. Everything is written in ticks, so that a city that fails at once costs a write for each
 * client and tick, not for each device.
 */
import type { ServerResponse } from 'node:http'
import type { DeviceEvent, StreamEvent, Transition } from '@hub/contracts'
import type { Clock, Metrics } from '@hub/platform'
import type { LiveDevice, LiveModel } from '../live/model.ts'
import type { OrderAudience, OutageAudience } from '../store/trouble.ts'
import { type Channel, createChannel, type Listeners } from './channel.ts'
import { type Client, openClient } from './client.ts'
import { frame } from './frame.ts'
import type { RingLimits } from './ring.ts'

const deltaMs = 500
const tickMs = 100
const heartbeatMs = 15_000
/** A socket that has taken nothing for this long is cut: EventSource comes back by itself. */
const stuckLimitMs = 60_000
/** A channel that nobody has listened to for this long is given up. */
const idleLimitMs = 120_000
const defaultLimits: RingLimits = { frames: 20_000, chars: 8_000_000 }

export interface StreamHub {
  open(res: ServerResponse, viewer: Listeners & { session: string }, lastEventId: string | undefined): void
  /** To be called after the model has taken it. */
  transition(transition: Transition): void
  event(event: DeviceEvent): void
  changed(devices: readonly LiveDevice[]): void
  registryChanged(): void
  /** Something was decided or moved on that clients may have read: whose it is they see when they read it again. */
  told(changed: Extract<StreamEvent, { event: 'changed' }>['data']): void
  /** These moved on: told to who may see them, and of several as of several. */
  toldOrders(orders: readonly OrderAudience[]): void
  toldOutages(outages: readonly OutageAudience[]): void
  endSession(session: string): void
  close(): void
}

type Options = {
  clock: Clock
  model: LiveModel
  metrics: Metrics
  /** Whether a session still holds; asked at each heartbeat. */
  alive(session: string): Promise<boolean>
  limits?: RingLimits
}

/** Runs once, `ms` after it was first asked for; asking again meanwhile changes nothing. */
function soon(clock: Clock, ms: number, run: () => void) {
  let cancel: (() => void) | undefined
  return {
    schedule() {
      cancel ??= clock.after(ms, () => {
        cancel = undefined
        run()
      })
    },
    cancel: () => cancel?.(),
  }
}

const keyOf = ({ scope, units }: Listeners) => JSON.stringify([scope === 'city' ? scope : [...scope].sort(), units])

export function createStreamHub({ clock, model, metrics, alive, limits = defaultLimits }: Options): StreamHub {
  const channels = new Map<string, Channel>()
  const pending = new Map<string, LiveDevice>()
  /** Begins at the clock, so that a number of an earlier life is always smaller. */
  let seq = clock.now()
  let open = 0

  const clientsGauge = metrics.gauge('hub_stream_clients', 'Open live streams')
  const channelsGauge = metrics.gauge('hub_stream_channels', 'Scopes that are streamed')
  const resyncs = metrics.counter('hub_stream_resyncs_total', 'Snapshots sent because a client had missed too much')
  const frames = metrics.counter('hub_stream_frames_total', 'Frames pushed, by event', ['event'])

  const channelOf = (listeners: Listeners): Channel => {
    const key = keyOf(listeners)
    const channel = channels.get(key) ?? createChannel(listeners, seq, { model, now: clock.now, limits })
    channels.set(key, channel)
    channelsGauge.set(channels.size)
    return channel
  }
  const everyClient = (visit: (client: Client) => void) => {
    for (const channel of channels.values()) for (const client of channel.clients) visit(client)
  }
  const flushDeltas = () => {
    if (pending.size === 0) return
    const asOf = clock.now()
    seq++
    for (const channel of channels.values()) {
      const changes = [...pending.values()]
        .filter((d) => channel.covers(d.district))
        .map((d): [string, LiveDevice['state'], number | null] => [d.id, d.state, d.since])
      if (changes.length > 0) channel.push(seq, frame('delta', { seq, asOf, changes }, seq))
    }
    frames.inc({ event: 'delta' })
    pending.clear()
  }
  const beat = async () => {
    const text = frame('heartbeat', { at: clock.now() })
    const sessions = new Set<string>()
    everyClient((client) => {
      if (client.stuckMs(clock.now()) > stuckLimitMs) client.end()
      client.heartbeat(text)
      sessions.add(client.session)
    })
    for (const [key, channel] of channels)
      if (channel.clients.size === 0 && clock.now() - channel.idleSince > idleLimitMs) channels.delete(key)
    channelsGauge.set(channels.size)
    for (const session of sessions) if (!(await alive(session).catch(() => true))) endSession(session)
  }
  const endSession = (session: string) =>
    everyClient((client) => {
      if (client.session === session) client.end()
    })
  /** Never coalesced: to everybody who may see that district. */
  const tell = (event: 'transition' | 'event', data: Transition | DeviceEvent) => {
    seq++
    const text = frame(event, data, seq)
    for (const channel of channels.values()) if (channel.covers(data.district)) channel.push(seq, text)
    frames.inc({ event })
    write.schedule()
  }
  /** To each channel of what is its own: of one by its id, of several without. */
  const tellWhose = <T extends { id: string }>(
    what: 'outages' | 'work-orders',
    changed: readonly T[],
    isOf: (channel: Channel, one: T) => boolean,
  ) => {
    seq++
    for (const channel of channels.values()) {
      const [first, ...more] = changed.filter((one) => isOf(channel, one))
      if (first) channel.push(seq, frame('changed', { what, id: more.length > 0 ? '' : first.id }, seq))
    }
    frames.inc({ event: 'changed' })
    write.schedule()
  }
  const write = soon(clock, tickMs, () => everyClient((client) => client.flush()))
  const coalesce = soon(clock, deltaMs, () => {
    flushDeltas()
    write.schedule()
  })
  const stopBeating = clock.every(heartbeatMs, () => void beat())

  return {
    open(res, { scope, units, session }, lastEventId) {
      const channel = channelOf({ scope, units })
      res.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      })
      res.write('retry: 2000\n\n')
      const seen = /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : undefined
      const client = openClient(res, channel, seen, {
        session,
        now: clock.now,
        onResync: () => resyncs.inc(),
        onClose: () => {
          if (channel.clients.delete(client)) clientsGauge.set(--open)
          channel.idleSince = clock.now()
        },
      })
      channel.clients.add(client)
      clientsGauge.set(++open)
    },
    transition: (transition) => tell('transition', transition),
    event: (event) => tell('event', event),
    changed: (devices) => {
      for (const device of devices) pending.set(device.id, device)
      if (pending.size > 0) coalesce.schedule()
    },
    registryChanged() {
      seq++
      const text = frame('registry', { seq }, seq)
      for (const channel of channels.values()) channel.push(seq, text)
      frames.inc({ event: 'registry' })
      write.schedule()
    },
    told(changed) {
      seq++
      const text = frame('changed', changed, seq)
      for (const channel of channels.values()) channel.push(seq, text)
      frames.inc({ event: 'changed' })
      write.schedule()
    },
    toldOrders: (orders) => tellWhose('work-orders', orders, (channel, order) => channel.coversOrder(order)),
    toldOutages: (outages) =>
      tellWhose('outages', outages, (channel, { districts }) => districts.some((code) => channel.covers(code))),
    endSession,
    close() {
      for (const cancel of [write.cancel, coalesce.cancel, stopBeating]) cancel()
      everyClient((client) => client.end())
      channels.clear()
    },
  }
}
