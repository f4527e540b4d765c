/**
 * The live stream: a channel for each scope and the units whose work orders it sees. What is pushed is numbered one by one; changes are
 * sent to whom they concern, the first at once and those of the next second together. Everything is written in ticks, so that a city that
 * fails at once costs a write for each client and tick, not for each device.
 */
import type { ServerResponse } from 'node:http'
import { type Changed, HubError } from '@hub/contracts'
import { minuteMs, secondMs } from '@hub/core'
import type { Clock, Listeners, LiveStream, Metrics, Viewer } from '@hub/platform'
import { type Channel, createChannel } from './channel.ts'
import { type Client, openClient } from './client.ts'
import { type Coalescer, createCoalescer } from './coalesce.ts'
import { frame } from './frame.ts'
import type { RingLimits } from './ring.ts'

const tickMs = 100
const coalesceMs = secondMs
const heartbeatMs = 15 * secondMs
/** A socket that has taken nothing for this long is cut: EventSource comes back by itself. */
const stuckLimitMs = minuteMs
/** A channel that nobody has listened to for this long is given up. */
const idleLimitMs = 2 * minuteMs
/** Open at a time, of one session and of one user: a window has one. */
const most = { session: 16, user: 64 } as const
const defaultLimits: RingLimits = { frames: 20_000, chars: 8_000_000 }

export interface EventStream extends LiveStream {
  /** @throws HubError `stream.too-many`, before anything is written */
  open(
    res: ServerResponse,
    viewer: Pick<Viewer, 'scope' | 'units' | 'user' | 'session'>,
    lastEventId: string | undefined,
  ): void
  /** Something that people watch moved on: whose it is they see when they read it again. */
  changed(change: Changed): void
  endSession(session: string): void
  close(): void
}

type Options = {
  clock: Clock
  metrics: Metrics
  /** Whether a session still holds; asked at each heartbeat. */
  alive(session: string): Promise<boolean>
  limits?: RingLimits | undefined
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

const audienceOf = ({ districts, unit }: Changed) => ({ districts, units: unit === undefined ? unit : [unit] })

/** Who sees what concerns one unit only reads it again, but hears no id of what may concern another. */
const nameFor =
  ({ listeners: { units } }: Channel) =>
  (change: Changed): Changed =>
    units === 'all' || change.unit !== undefined ? change : { ...change, id: null }

const keyOf = ({ scope, units }: Listeners) => JSON.stringify([scope === 'city' ? scope : [...scope].sort(), units])

export function createEventStream({ clock, metrics, alive, limits = defaultLimits }: Options): EventStream {
  const channels = new Map<string, Channel>()
  const coalescers = new Map<Changed['what'], Coalescer<Changed>>()
  /** Begins at the clock, so that a number of an earlier life is always smaller. */
  let seq = clock.now()
  let open = 0
  let first: { event: string; make: Parameters<LiveStream['snapshot']>[1] } = { event: 'snapshot', make: () => ({}) }

  const clientsGauge = metrics.gauge('hub_stream_clients', 'Open live streams')
  const channelsGauge = metrics.gauge('hub_stream_channels', 'Scopes that are streamed')
  const resyncs = metrics.counter('hub_stream_resyncs_total', 'Snapshots sent because a client had missed too much')
  const frames = metrics.counter('hub_stream_frames_total', 'Frames pushed, by event', ['event'])

  const channelOf = ({ scope, units }: Listeners): Channel => {
    const key = keyOf({ scope, units })
    const snapshot = (listeners: Listeners, at: number) =>
      frame(first.event, first.make(listeners, at, clock.now()), at)
    const channel = channels.get(key) ?? createChannel({ scope, units }, seq, { snapshot, now: clock.now, limits })
    channels.set(key, channel)
    channelsGauge.set(channels.size)
    return channel
  }
  const everyClient = (visit: (client: Client) => void) => {
    for (const channel of channels.values()) for (const client of channel.clients) visit(client)
  }
  const beat = async () => {
    const text = frame('heartbeat', { at: clock.now() })
    const sessions = new Set<string>()
    everyClient((client) => {
      if (client.stuckMs(clock.now()) > stuckLimitMs) client.end()
      client.send(text)
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
  const write = soon(clock, tickMs, () => everyClient((client) => client.flush()))
  const pushed = (event: string) => {
    frames.inc({ event })
    write.schedule()
  }
  /** To each channel what concerns it: one change with its id, several without. */
  const sendChanges = (what: Changed['what']) => (changes: readonly Changed[]) => {
    const textOf = (heard: readonly Changed[]) => {
      const ids = new Set(heard.map(({ id }) => id))
      return { what, id: ids.size === 1 ? heard[0]!.id : null }
    }
    const shared = changes.filter(({ user }) => user === undefined)
    // Beside the numbers: a client that comes back reads what is its user's own again.
    for (const { user, id } of changes)
      if (user !== undefined)
        everyClient((client) => {
          if (client.user === user) client.send(frame('changed', { what, id }))
        })
    if (shared.length > 0) {
      seq++
      for (const channel of channels.values()) {
        const heard = shared.filter((change) => channel.hears(audienceOf(change)))
        if (heard.length > 0) channel.push(seq, frame('changed', textOf(heard.map(nameFor(channel))), seq))
      }
    }
    pushed('changed')
  }
  const stopBeating = clock.every(heartbeatMs, () => void beat())

  return {
    open(res, viewer, lastEventId) {
      for (const owner of ['session', 'user'] as const) {
        let opened = 0
        everyClient((client) => {
          if (client[owner] === viewer[owner]) opened++
        })
        if (opened >= most[owner]) throw new HubError('stream.too-many', { value: opened, limit: most[owner] })
      }
      const channel = channelOf(viewer)
      res.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      })
      res.write('retry: 2000\n\n')
      const seen = /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : undefined
      const client = openClient(res, channel, seen, {
        session: viewer.session,
        user: viewer.user,
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
    snapshot(event, make) {
      first = { event, make }
    },
    push(event, data, audience) {
      seq++
      const text = frame(event, data, seq)
      for (const channel of channels.values()) if (channel.hears(audience)) channel.push(seq, text)
      pushed(event)
    },
    pushEach(event, make) {
      seq++
      for (const channel of channels.values()) {
        const data = make(channel.listeners, seq, clock.now())
        if (data !== undefined) channel.push(seq, frame(event, data, seq))
      }
      pushed(event)
    },
    changed(change) {
      const { what } = change
      const coalescer = coalescers.get(what) ?? createCoalescer(clock, coalesceMs, sendChanges(what))
      coalescers.set(what, coalescer)
      coalescer.add(change)
    },
    endSession,
    close() {
      for (const { cancel } of coalescers.values()) cancel()
      for (const cancel of [write.cancel, stopBeating]) cancel()
      everyClient((client) => client.end())
      channels.clear()
    },
  }
}
