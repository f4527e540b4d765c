/**
 * Subscribes to the events of cameras and reports their changes as observations: a thin shell around `subscription.ts`. Any
 * number of subscriptions stands behind one timer; each camera costs one open connection, and a call a minute.
 */
import type { AssignedCamera, Observation } from '@hub/contracts'
import type { Clock, Log } from '@hub/platform'
import type { AssignmentChange } from '../adapters/change.ts'
import type { Limits } from '../onvif/connection.ts'
import { OnvifFault } from '../onvif/fault.ts'
import type { CameraSession } from '../onvif/session.ts'
import { Lanes } from '../probe/lanes.ts'
import { TimingWheel } from '../probe/wheel.ts'
import { ask, type Brought, faultInput } from './ask.ts'
import type { EventMemory, Ongoing } from './memory.ts'
import { Properties } from './properties.ts'
import { Slots } from './slots.ts'
import { advance, type Call, defaultPolicy, fresh, type Input, type Policy, type State } from './subscription.ts'

export type EventsConfig = {
  enabled: boolean
  /** Each holds a connection. Cameras beyond it wait for a slot. */
  maxSubscriptions: number
}

/** Opens a session with an assigned camera over a connection of its own; undefined when it is not assigned. */
export type OpenSession = (id: string, limits: Limits) => CameraSession | undefined

export type EventsOptions = {
  openSession: OpenSession
  clock: Clock
  log: Log
  config: EventsConfig
  /** Resolves when the observation is spooled. */
  emit(observation: Observation): Promise<void>
  memory?: EventMemory
  random?: () => number
  policy?: Partial<Policy>
  /** How long the end waits for cameras to answer goodbye, milliseconds. */
  goodbyeMs?: number
}

const counters = {
  /** Changes reported. */
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
  /** Cameras that wait for a slot. */
  waiting: number
  /** Cameras without PullPoint. */
  unsupported: number
}

export interface Events {
  /**
   * What is not named is not touched; of what is named, a camera that is the same as before keeps its subscription. The first change is what
   * was in force when the gateway was stopped: what is remembered of other cameras is forgotten with it.
   */
  apply(change: AssignmentChange<AssignedCamera>): void
  /** A camera has taken its login: only then is it asked for its events. */
  ready(id: string): void
  /** Nothing is heard of it any more, until it is ready again. */
  leave(id: string): void
  /** The camera of this endpoint has announced itself: it has probably booted. */
  hello(endpoint: string): void
  /** A camera was probed: one that answers again is subscribed again early. */
  probed(observation: Observation): void
  stats(): EventsStats
  /** Ends every subscription, also at the cameras, within `goodbyeMs`. */
  stop(): Promise<void>
}

const tickMs = 50
/** Calls that are answered at once, at a time: a fleet that comes back together is subscribed in the order of its slots. */
const concurrency = 32
const rememberMs = 1_000
const limits: Limits = { deadlineMs: 10_000, connectMs: 2_500, maxBytes: 524_288 }

type Entry = {
  readonly assigned: AssignedCamera
  state: State
  session: CameraSession
  readonly properties: Properties
  /** Of the call or wait in force: what comes of an older one is void. */
  generation: number
  dueAt: number
  failing: boolean
  /** Its login was refused when it was probed last. */
  refused: boolean
}

export function createEvents(options: EventsOptions): Events {
  const { clock, log, config, openSession, emit, memory, random = Math.random, goodbyeMs = 2_000 } = options
  const policy: Policy = { ...defaultPolicy, ...options.policy }
  const assigned = new Map<string, AssignedCamera>()
  const byEndpoint = new Map<string, string>()
  const entries = new Map<string, Entry>()
  const slots = new Slots<Entry>(config.maxSubscriptions)
  const wheel = new TimingWheel<{ entry: Entry; generation: number }>(tickMs, clock.now())
  const lanes = new Lanes({ now: () => clock.now(), concurrency, parkAfterMs: 250, maxParked: 1_024 })
  const underWay = new Set<Promise<void>>()
  const count = { ...counters }
  /** What is going on at cameras that have no entry. */
  const ongoing = new Map(Object.entries(memory?.load() ?? {}))
  /** Since when it differs from what is written down; null: it does not. */
  let changedAt: number | null = null
  let begun = false
  let stopped = false
  /** The time for goodbyes has passed. */
  let over = false

  function put(entry: Entry, input: Input): void {
    const { state, effects } = advance(entry.state, input, clock.now(), random(), policy)
    entry.state = state
    for (const effect of effects) {
      entry.generation++
      entry.dueAt = 0
      if (effect.kind === 'call') begin(entry, effect.call)
      else {
        entry.session.close()
        // What was given up may still be between two requests: it must not meet the next call.
        entry.session = entry.session.secondSession(limits)
      }
    }
    if (state.phase === 'waiting' && entry.dueAt !== state.wakeAt) {
      entry.generation++
      entry.dueAt = state.wakeAt
      wheel.add(state.wakeAt, { entry, generation: entry.generation })
    }
    if (
      state.phase === 'idle' ||
      (state.phase === 'waiting' && (state.why === 'refused' || state.why === 'unsupported'))
    )
      release(entry)
  }

  function release(entry: Entry): void {
    const next = slots.release(entry)
    if (next && !stopped) put(next, { kind: 'start' })
  }

  function begin(entry: Entry, call: Call): void {
    const { generation, session } = entry
    const current = () => entry.generation === generation && !over
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
      return { kind: 'answer', answer: { ...answer, missed: !(await report(entry, brought)) } }
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

  /** Reports what is new. Returns whether all of it was reported. */
  async function report(entry: Entry, { notifications, odd }: Brought): Promise<boolean> {
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
          device: entry.assigned.id,
          at,
          kind: 'event',
          verdict: 'pass',
          rung: 'answers',
          every: entry.assigned.every,
          event: { topic, active, ...(source !== undefined && { source }) },
        })
        entry.properties.reported(change)
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
    for (const { entry, generation } of wheel.due(clock.now())) {
      if (entry.generation !== generation) continue
      entry.dueAt = 0
      if (!stopped && slots.take(entry)) put(entry, { kind: 'due' })
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

  const leave = ({ id, endpoint }: AssignedCamera) => {
    if (endpoint && byEndpoint.get(endpoint) === id) byEndpoint.delete(endpoint)
  }

  const probed: Events['probed'] = ({ device, verdict, reason }) => {
    const entry = entries.get(device)
    if (!entry) return
    const back = entry.failing && verdict !== 'fail'
    entry.failing = verdict === 'fail'
    if (back && slots.has(entry)) put(entry, { kind: 'back' })
    if (reason === 'unauthorised') entry.refused = true
    else if (entry.refused && (verdict === 'pass' || verdict === 'degraded')) {
      entry.refused = false
      // Its login is good again: what rests after a refusal need not.
      if (slots.take(entry)) put(entry, { kind: 'start' })
    }
  }

  return {
    apply({ put, drop }) {
      for (const id of drop) {
        const before = assigned.get(id)
        if (before) leave(before)
        assigned.delete(id)
        ongoing.delete(id)
        const entry = entries.get(id)
        if (entry) remove(entry)
      }
      for (const camera of put) {
        const before = assigned.get(camera.id)
        if (before && same(before, camera)) continue
        if (before) leave(before)
        assigned.set(camera.id, camera)
        if (camera.endpoint) byEndpoint.set(camera.endpoint, camera.id)
        const entry = entries.get(camera.id)
        if (entry) remove(entry)
      }
      if (!begun) for (const id of ongoing.keys()) if (!assigned.has(id)) ongoing.delete(id)
      begun = true
    },
    ready(id) {
      const camera = assigned.get(id)
      if (!config.enabled || !camera || stopped) return
      let entry = entries.get(id)
      if (!entry) {
        const session = openSession(id, limits)
        if (!session) return
        const properties = new Properties(ongoing.get(id))
        ongoing.delete(id)
        entry = {
          assigned: camera,
          state: fresh,
          session,
          properties,
          generation: 0,
          dueAt: 0,
          failing: false,
          refused: false,
        }
        entries.set(id, entry)
      }
      if (slots.take(entry)) put(entry, { kind: 'start' })
    },
    leave(id) {
      const entry = entries.get(id)
      if (entry) remove(entry)
    },
    hello(endpoint) {
      const entry = entries.get(byEndpoint.get(endpoint) ?? '')
      if (entry && slots.has(entry)) put(entry, { kind: 'hello' })
    },
    probed,
    stats() {
      let [subscriptions, unsupported] = [0, 0]
      for (const { state } of entries.values()) {
        if (state.point) subscriptions++
        if (state.phase === 'waiting' && state.why === 'unsupported') unsupported++
      }
      return { ...count, subscriptions, unsupported, waiting: slots.waiting }
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
