/**
 * Subscribes to the events of cameras and tells their changes as observations: a thin shell around `subscription.ts`. Any
 * number of subscriptions stands behind one timer; each camera costs one open connection, and a call a minute.
 */
import type { AssignedCamera, Observation } from '@hub/contracts'
import type { Clock, Log } from '@hub/platform'
import { type CameraSession, type Limits, OnvifFault } from '../onvif/index.ts'
import { Lanes } from '../probe/lanes.ts'
import { TimingWheel } from '../probe/wheel.ts'
import { ask, type Brought, faultInput } from './ask.ts'
import type { EventMemory, Ongoing } from './memory.ts'
import { Places } from './places.ts'
import { Properties } from './properties.ts'
import { advance, type Call, defaultPolicy, fresh, type Input, type Policy, type State } from './subscription.ts'

export type EventsConfig = {
  enabled: boolean
  /** Each holds a connection. Cameras beyond it wait for a place. */
  maxSubscriptions: number
}

export type EventsOptions = {
  clock: Clock
  log: Log
  config: EventsConfig
  /** A conversation with an assigned camera over a connection of its own; undefined when it is not assigned. */
  converse(id: string, limits: Limits): CameraSession | undefined
  /** Resolves when the observation is spooled. */
  emit(observation: Observation): Promise<void>
  memory?: EventMemory
  random?: () => number
  policy?: Partial<Policy>
  /** How long the end waits for cameras to answer goodbye, milliseconds. */
  goodbyeMs?: number
}

const counters = {
  /** Changes told. */
  events: 0,
  /** Repetitions of what was known. */
  same: 0,
  /** Of a topic that we report, and not understood. */
  odd: 0,
  /** Left out because the camera said too much. */
  over: 0,
  /** Changes that could not be spooled: the camera is asked for them again. */
  notStored: 0,
  faults: 0,
}
export type EventsStats = typeof counters & {
  /** In force now. */
  subscriptions: number
  /** Cameras that wait for a place. */
  waiting: number
  /** Cameras without PullPoint. */
  unsupported: number
}

export interface Events {
  /** Puts a whole list in force; a camera that is the same as before keeps its subscription. */
  assign(cameras: readonly AssignedCamera[]): void
  /** A camera has taken its login: only then is it asked for its events. */
  ready(id: string): void
  /** The camera of this endpoint has announced itself: it has probably booted. */
  hello(endpoint: string): void
  /** A look at a camera: one that answers again is subscribed again early. */
  looked(observation: Observation): void
  stats(): EventsStats
  /** Ends every subscription, also at the cameras, within `goodbyeMs`. */
  stop(): Promise<void>
}

const tickMs = 50
/** Calls that are answered at once, at a time: a fleet that comes back together is subscribed in the order of its places. */
const concurrency = 32
const rememberMs = 1_000
const limits: Limits = { deadlineMs: 10_000, connectMs: 2_500, maxBytes: 524_288 }

type Entry = {
  readonly assigned: AssignedCamera
  state: State
  session: CameraSession
  readonly properties: Properties
  /** Of the call or appointment in force: what comes of an older one is void. */
  serial: number
  dueAt: number
  failing: boolean
}

export function createEvents(options: EventsOptions): Events {
  const { clock, log, config, converse, emit, memory, random = Math.random, goodbyeMs = 2_000 } = options
  const policy: Policy = { ...defaultPolicy, ...options.policy }
  const assigned = new Map<string, AssignedCamera>()
  const byEndpoint = new Map<string, string>()
  const entries = new Map<string, Entry>()
  const places = new Places<Entry>(config.maxSubscriptions)
  const wheel = new TimingWheel<{ entry: Entry; serial: number }>(tickMs, clock.now())
  const lanes = new Lanes({ now: () => clock.now(), concurrency, parkAfterMs: 250, maxParked: 1_024 })
  const underWay = new Set<Promise<void>>()
  const count = { ...counters }
  /** What is going on at cameras that have no entry. */
  const ongoing = new Map(Object.entries(memory?.load() ?? {}))
  /** Since when it differs from what is written down; null: it does not. */
  let changedAt: number | null = null
  let stopped = false
  /** The time for goodbyes has passed. */
  let over = false

  function put(entry: Entry, input: Input): void {
    const { state, effects } = advance(entry.state, input, clock.now(), random(), policy)
    entry.state = state
    for (const effect of effects) {
      entry.serial++
      entry.dueAt = 0
      if (effect.kind === 'call') begin(entry, effect.call)
      else {
        entry.session.close()
        // What was given up may still be between two requests: it must not meet the next call.
        entry.session = entry.session.sibling(limits)
      }
    }
    if (state.phase === 'waiting' && entry.dueAt !== state.wakeAt) {
      entry.serial++
      entry.dueAt = state.wakeAt
      wheel.add(state.wakeAt, { entry, serial: entry.serial })
    }
    if (
      state.phase === 'idle' ||
      (state.phase === 'waiting' && (state.why === 'refused' || state.why === 'unsupported'))
    )
      release(entry)
  }

  function release(entry: Entry): void {
    const next = places.leave(entry)
    if (next && !stopped) put(next, { kind: 'start' })
  }

  function begin(entry: Entry, call: Call): void {
    const { serial, session } = entry
    const current = () => entry.serial === serial && !over
    const work = async () => {
      if (!current()) return
      // Closed before the next call begins: that may be at once, and over the same session.
      const input = await outcome(entry, session, call, current).finally(() => session.close())
      if (input && current()) put(entry, input)
    }
    // A pull is long by nature and takes no lane.
    const kept = (call.name === 'pull' ? work() : lanes.run(entry.assigned.id, work)).finally(() =>
      underWay.delete(kept),
    )
    underWay.add(kept)
  }

  /** How a call went; undefined when it was given up meanwhile. */
  async function outcome(
    entry: Entry,
    session: CameraSession,
    call: Call,
    current: () => boolean,
  ): Promise<Input | undefined> {
    const device = entry.assigned.id
    try {
      const { answer, brought } = await ask(session, call, policy, clock.now())
      if (!current()) return undefined
      if (!brought || answer.name !== 'pull') return { kind: 'answer', answer }
      return { kind: 'answer', answer: { ...answer, missed: !(await tell(entry, brought)) } }
    } catch (error) {
      if (!current()) return undefined
      count.faults++
      if (error instanceof OnvifFault) {
        log.debug({ device, call: call.name, reason: error.reason, detail: error.message }, 'no events for now')
        return faultInput(error)
      }
      log.error({ err: error, device, call: call.name }, 'an event call could not be finished')
      return { kind: 'fault', reason: 'malformed', unsupported: false }
    }
  }

  /** Tells what is new. Returns whether all of it was told. */
  async function tell(entry: Entry, { notifications, odd }: Brought): Promise<boolean> {
    count.odd += odd
    let whole = true
    for (const said of notifications) {
      const verdict = entry.properties.weigh(said, clock.now())
      if (verdict !== 'new') {
        count[verdict]++
        whole &&= verdict !== 'over'
        continue
      }
      const change = entry.properties.dated(said, clock.now())
      const { topic, active, source, at } = change
      try {
        await emit({
          ...{ device: entry.assigned.id, at, kind: 'event', verdict: 'pass', rung: 'answers' },
          every: entry.assigned.every,
          event: { topic, active, ...(source !== undefined && { source }) },
        })
        entry.properties.told(change)
        count.events++
        changedAt ??= clock.now()
      } catch (err) {
        log.warn({ err, device: entry.assigned.id }, 'an event could not be stored')
        count.notStored++
        whole = false
      }
    }
    return whole
  }

  const cancelTick = clock.every(tickMs, () => {
    for (const { entry, serial } of wheel.due(clock.now())) {
      if (entry.serial !== serial) continue
      entry.dueAt = 0
      if (!stopped && places.take(entry)) put(entry, { kind: 'due' })
    }
    lanes.tick()
    if (changedAt !== null && clock.now() - changedAt >= rememberMs) remember()
  })

  function remember(): void {
    changedAt = null
    const list: Ongoing = Object.fromEntries(ongoing)
    for (const [id, { properties }] of entries) if (properties.active.length > 0) list[id] = properties.active
    memory?.save(list)
  }

  /** Nothing is heard of it any more. */
  function remove(entry: Entry): void {
    const { id } = entry.assigned
    entries.delete(id)
    if (assigned.has(id)) ongoing.set(id, entry.properties.active)
    put(entry, { kind: 'stop' })
    release(entry)
  }

  return {
    assign(cameras) {
      assigned.clear()
      byEndpoint.clear()
      for (const camera of cameras) {
        assigned.set(camera.id, camera)
        if (camera.endpoint) byEndpoint.set(camera.endpoint, camera.id)
      }
      for (const id of ongoing.keys()) if (!assigned.has(id)) ongoing.delete(id)
      for (const entry of [...entries.values()]) {
        const now = assigned.get(entry.assigned.id)
        if (!now || !same(entry.assigned, now)) remove(entry)
      }
    },
    ready(id) {
      const camera = assigned.get(id)
      if (!config.enabled || !camera || stopped) return
      let entry = entries.get(id)
      if (!entry) {
        const session = converse(id, limits)
        if (!session) return
        const properties = new Properties(ongoing.get(id))
        ongoing.delete(id)
        entry = {
          assigned: camera,
          state: fresh,
          session,
          properties,
          serial: 0,
          dueAt: 0,
          failing: false,
        }
        entries.set(id, entry)
      }
      if (places.take(entry)) put(entry, { kind: 'start' })
    },
    hello(endpoint) {
      const entry = entries.get(byEndpoint.get(endpoint) ?? '')
      if (entry && places.has(entry)) put(entry, { kind: 'hello' })
    },
    looked({ device, verdict }) {
      const entry = entries.get(device)
      if (!entry) return
      const back = entry.failing && verdict !== 'fail'
      entry.failing = verdict === 'fail'
      if (back && places.has(entry)) put(entry, { kind: 'back' })
    },
    stats() {
      let [subscriptions, unsupported] = [0, 0]
      for (const { state } of entries.values()) {
        if (state.point) subscriptions++
        if (state.phase === 'waiting' && state.why === 'unsupported') unsupported++
      }
      return { ...count, subscriptions, unsupported, waiting: places.waiting }
    },
    async stop() {
      stopped = true
      if (changedAt !== null) remember()
      const leaving = [...entries.values()]
      for (const entry of leaving) remove(entry)
      const cancel = clock.after(goodbyeMs, () => {
        over = true
        for (const { session } of leaving) session.close()
      })
      await Promise.all(underWay)
      cancel()
      cancelTick()
    },
  }
}

const same = (a: AssignedCamera, b: AssignedCamera): boolean =>
  a.xaddr === b.xaddr && a.credential === b.credential && a.every === b.every && a.endpoint === b.endpoint
