/**
 * A pull-point subscription as a state machine: what is asked next, when, and what a fault means. Pure: time and chance
 * come in as arguments, calls go out as effects.
 *
 * locate ─▶ create ─▶ sync ─▶ pull ⟲ (renew between two pulls). One call is under way at most. A fault that says that the
 * subscription is gone leads back to create; one of the network keeps it and asks for the present state afterwards, because
 * the lost answer may have held messages.
 */
import type { Reason } from '@hub/contracts'
import type { PullPoint } from './calls.ts'

export type Call =
  | { name: 'locate' }
  | { name: 'create'; path: string; filtered: boolean }
  | { name: 'sync' | 'renew' | 'unsubscribe'; to: PullPoint }
  | { name: 'pull'; to: PullPoint; waitMs: number }

/** `lasts`: milliseconds that the subscription lasts from now on, where the camera says it. */
export type Answer =
  | { name: 'locate'; path: string | null | undefined }
  | { name: 'create'; point: PullPoint; lasts: number | undefined }
  | { name: 'sync' | 'unsubscribe' }
  | { name: 'renew'; lasts: number | undefined }
  | { name: 'pull'; lasts: number | undefined; messages: number /** Something was left out. */; missed: boolean }

export type Input =
  /** The login is known to be good. Also ends the rest of a camera that was given up. */
  | { kind: 'start' }
  | { kind: 'stop' }
  | { kind: 'due' }
  /** It says Hello: it has probably booted, and forgotten its subscriptions. Anybody can say so. */
  | { kind: 'hello' }
  /** It answers others again. */
  | { kind: 'back' }
  | { kind: 'answer'; answer: Answer }
  /** `unsupported`: the camera says that it does not know the call; `unready`: that its service is not up yet. */
  | { kind: 'fault'; reason: Reason; unsupported: boolean; unready?: boolean }

/** `call`: begin it. `drop`: give up the call that is under way; nothing more is heard of it. */
export type Effect = { kind: 'call'; call: Call } | { kind: 'drop' }

export type State = {
  phase: 'idle' | 'waiting' | 'calling' | 'stopping'
  /** What is under way. */
  call: Call | null
  /** When the waiting ends. */
  wakeAt: number
  /** What is waited for: the next pull, the end of a fault, an operator, a new firmware. */
  why: 'pace' | 'fault' | 'refused' | 'unsupported'
  /** Path of the event service, once it is known. */
  service: string | null
  point: PullPoint | null
  endsAt: number
  /** Faults in a row; a pull that is answered ends them. */
  failures: number
  filtered: boolean
  renewable: boolean
  renewed: boolean
  needsSync: boolean
  /** The next pull shows whether anything passes the filter: a synchronization point went before it. */
  checksFilter: boolean
  askedAt: number
  helloAt: number
}

export type Policy = {
  /** How long a pull waits for something to happen, milliseconds. */
  waitMs: number
  /** How long a subscription is asked to last. */
  lastsMs: number
  /** Time before its end that calls may take. */
  marginMs: number
  /** Time that a call may take, beyond what it was told to wait. */
  callMs: number
  /** A camera that never stops telling is asked this often. */
  busyGapMs: number
  /** One that answers at once although nothing happened. */
  idleGapMs: number
  /** After something was left out. */
  missedGapMs: number
  /** After the first fault; twice as long after each further one in a row. */
  firstBackOffMs: number
}
export const defaultPolicy: Policy = {
  // Every device must support a Timeout of one minute (ONVIF Core 9.2.2).
  waitMs: 55_000,
  lastsMs: 180_000,
  marginMs: 15_000,
  callMs: 10_000,
  busyGapMs: 100,
  idleGapMs: 1_000,
  missedGapMs: 10_000,
  firstBackOffMs: 1_000,
}

export const fresh: State = {
  phase: 'idle',
  call: null,
  wakeAt: 0,
  why: 'pace',
  service: null,
  point: null,
  endsAt: 0,
  failures: 0,
  filtered: true,
  renewable: true,
  renewed: false,
  needsSync: false,
  checksFilter: false,
  askedAt: Number.NEGATIVE_INFINITY,
  helloAt: Number.NEGATIVE_INFINITY,
}

const usualService = '/onvif/event_service'
const longestBackOffMs = 300_000
const refusedMs = 900_000
const unsupportedMs = 6 * 3_600_000
/** Cameras that come back together are not all asked at once. */
const jitterMs = 1_000
const helloGapMs = 10_000
const shortestWaitMs = 1_000

type Step = { state: State; effects: Effect[] }

/** @param chance from 0 to 1. */
export function advance(state: State, input: Input, now: number, chance: number, policy: Policy = defaultPolicy): Step {
  switch (input.kind) {
    case 'start':
      if (state.phase === 'idle') return proceed({ ...fresh }, now, policy)
      if (state.phase !== 'waiting') return stay(state)
      if (state.why === 'unsupported') return proceed({ ...fresh }, now, policy)
      // Not located anew: that call needs no login, and its answer would pass for one that was accepted.
      return state.why === 'refused' ? proceed({ ...state, failures: 0 }, now, policy) : stay(state)
    case 'stop':
      return stop(state)
    case 'due':
      return state.phase === 'waiting' && state.wakeAt <= now ? proceed(state, now, policy) : stay(state)
    case 'hello':
      return hello(state, now, chance)
    case 'back':
      if (state.phase !== 'waiting' || state.why !== 'fault') return stay(state)
      return stay({ ...state, wakeAt: Math.min(state.wakeAt, Math.ceil(now + chance * jitterMs)) })
    case 'answer':
      if (state.phase === 'stopping') return stay({ ...fresh })
      return state.phase === 'calling' ? answered(state, input.answer, now, policy) : stay(state)
    case 'fault':
      if (state.phase === 'stopping') return stay({ ...fresh })
      return state.phase === 'calling' ? failed(state, input, now, chance, policy) : stay(state)
  }
}

const stay = (state: State): Step => ({ state, effects: [] })
const begin = (state: State, call: Call, now: number): Step => ({
  state: { ...state, phase: 'calling', call, askedAt: now },
  effects: [{ kind: 'call', call }],
})
const wait = (state: State, why: State['why'], wakeAt: number): Step =>
  stay({ ...state, phase: 'waiting', call: null, why, wakeAt: Math.ceil(wakeAt) })

/** The next call, from what is known. */
function proceed(state: State, now: number, { waitMs, marginMs }: Policy): Step {
  const { service, point, filtered, needsSync, renewable, renewed, endsAt } = state
  if (service === null) return begin(state, { name: 'locate' }, now)
  if (!point) return begin(state, { name: 'create', path: service, filtered }, now)
  if (needsSync) return begin(state, { name: 'sync', to: point }, now)
  if (renewable && !renewed && endsAt - now < waitMs + marginMs) return begin(state, { name: 'renew', to: point }, now)
  // The camera must not end it under the pull. What is over already by its word, it may extend with each pull.
  const left = endsAt - now
  const most = left > 2 * marginMs ? left - marginMs : left > 0 ? left / 2 : waitMs
  const wanted = Math.max(shortestWaitMs, Math.min(waitMs, most))
  return begin(state, { name: 'pull', to: point, waitMs: wanted }, now)
}

function answered(state: State, answer: Answer, now: number, policy: Policy): Step {
  switch (answer.name) {
    case 'locate':
      if (answer.path === null) return wait(state, 'unsupported', now + unsupportedMs)
      return proceed({ ...state, service: answer.path ?? usualService }, now, policy)
    case 'create': {
      const endsAt = now + (answer.lasts ?? policy.lastsMs)
      return proceed({ ...state, point: answer.point, endsAt, needsSync: true, renewed: false }, now, policy)
    }
    case 'sync':
      return proceed({ ...state, needsSync: false, checksFilter: state.filtered }, now, policy)
    case 'renew':
      return proceed({ ...state, endsAt: now + (answer.lasts ?? policy.lastsMs), renewed: true }, now, policy)
    case 'unsubscribe':
      return proceed({ ...state, point: null }, now, policy)
    case 'pull':
      return pulled(state, answer, now, policy)
  }
}

function pulled(state: State, answer: Extract<Answer, { name: 'pull' }>, now: number, policy: Policy): Step {
  const { messages, missed, lasts } = answer
  const next: State = {
    ...state,
    failures: 0,
    renewed: false,
    checksFilter: false,
    needsSync: missed,
    endsAt: lasts === undefined ? state.endsAt : now + lasts,
  }
  // Some makes take a filter and then send nothing at all. Every state is told after a synchronization point.
  if (state.checksFilter && messages === 0)
    return begin({ ...next, filtered: false }, { name: 'unsubscribe', to: state.point! }, now)
  const { busyGapMs, idleGapMs, missedGapMs } = policy
  const gap = missed ? missedGapMs : messages === 0 ? idleGapMs : busyGapMs
  // Not before the next tick of the wheel, which is soon enough.
  return wait(next, 'pace', missed ? now + gap : Math.max(now, state.askedAt + gap))
}

type Fault = Extract<Input, { kind: 'fault' }>
/** The camera was reached and does not want this call. */
const isRejection = ({ reason, unready }: Fault): boolean =>
  reason === 'soap-fault' || (reason === 'http-status' && !unready)
/** It is off, or has just come back: it has no subscriptions any more. */
const isAway = ({ reason }: Fault): boolean => reason === 'refused' || reason === 'unreachable'

function failed(state: State, fault: Fault, now: number, chance: number, policy: Policy): Step {
  if (fault.reason === 'unauthorised')
    return wait({ ...state, point: null }, 'refused', now + refusedMs * (0.5 + chance))
  if (state.call?.name === 'unsubscribe') return proceed({ ...state, point: null }, now, policy)
  const failures = state.failures + 1
  if (!isRejection(fault)) {
    // A second fault in a row, and the subscription is not trusted any more.
    const point = isAway(fault) || failures > 1 ? null : state.point
    return backOff({ ...state, point, failures, needsSync: point !== null }, now, chance, policy)
  }
  switch (state.call?.name) {
    case 'locate':
      return proceed({ ...state, service: usualService }, now, policy)
    case 'create':
      if (state.filtered) return proceed({ ...state, filtered: false }, now, policy)
      if (fault.unsupported || (fault.reason === 'http-status' && failures > 3))
        return wait({ ...state, failures: 0 }, 'unsupported', now + unsupportedMs * (0.5 + chance))
      return backOff({ ...state, failures }, now, chance, policy)
    case 'sync':
      return proceed({ ...state, needsSync: false }, now, policy)
    case 'renew':
      return proceed({ ...state, renewable: false }, now, policy)
    default: {
      // The subscription is over or forgotten: once, a new one is asked for straight away.
      const gone: State = { ...state, point: null, failures }
      return failures === 1 ? proceed(gone, now, policy) : backOff(gone, now, chance, policy)
    }
  }
}

const backOff = (state: State, now: number, chance: number, { firstBackOffMs }: Policy): Step =>
  wait(
    state,
    'fault',
    now + Math.min(longestBackOffMs, firstBackOffMs * 2 ** Math.min(state.failures - 1, 20)) * (0.5 + chance),
  )

function hello(state: State, now: number, chance: number): Step {
  const running =
    state.phase === 'calling' || (state.phase === 'waiting' && (state.why === 'pace' || state.why === 'fault'))
  if (!running || now - state.helloAt < helloGapMs) return stay(state)
  // If it did boot, the next call is refused and a new subscription follows at once; if not, the old one is not wasted.
  const asks: State = { ...state, needsSync: state.point !== null, failures: 0, helloAt: now }
  const next = wait(asks, 'pace', now + chance * jitterMs)
  return state.phase === 'calling' ? { ...next, effects: [{ kind: 'drop' }] } : next
}

function stop(state: State): Step {
  if (state.phase === 'idle' || state.phase === 'stopping') return stay(state)
  const drop: Effect[] = state.phase === 'calling' ? [{ kind: 'drop' }] : []
  if (!state.point) return { state: { ...fresh }, effects: drop }
  const call: Call = { name: 'unsubscribe', to: state.point }
  return { state: { ...state, phase: 'stopping', call }, effects: [...drop, { kind: 'call', call }] }
}
