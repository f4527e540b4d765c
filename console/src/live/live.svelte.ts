/** The hub's stream: one EventSource for the whole console, from login to logout. */
import type { StreamEvent, Transition } from '@hub/contracts'
import { askSession } from '../session/session.svelte.ts'
import { type Freshness, freshness } from './freshness.ts'
import { type HeardLag, type Lag, lagNow } from './lag.ts'
import { applyDelta, applySnapshot, emptyTable, type LiveState } from './table.ts'

const drawEveryMs = 250
const retryMs = [1_000, 2_000, 5_000, 15_000] as const
const keptTransitions = 100

type Listener = (event: 'states' | 'registry' | 'transition' | 'event', device?: string) => void
type ChangeListener = (what: Extract<StreamEvent, { event: 'changed' }>['data']['what'], id: string | null) => void

const table = emptyTable()
const listeners = new Set<Listener>()
const changeListeners = new Set<ChangeListener>()
let version = $state(0)
let transitions = $state.raw<Transition[]>([])
let now = $state(Date.now())
let heardAt = $state<number | null>(null)
let openedAt = $state(Date.now())
let heardLag = $state.raw<HeardLag | null>(null)

let source: EventSource | null = null
let redraw: ReturnType<typeof setTimeout> | null = null
let retry: ReturnType<typeof setTimeout> | null = null
let tick: ReturnType<typeof setInterval> | null = null
let tries = 0
let hasOpened = false

/** Counts changes of the table; reading it makes whatever reads states follow them, at most four times a second. */
export const liveVersion = (): number => version
export const liveStateOf = (id: string): LiveState | undefined => table.states.get(id)
export const liveTransitions = (): readonly Transition[] => transitions
export const currentFreshness = (): Freshness => freshness(now, openedAt, heardAt)
/** How far the hub is behind with its data; null when it is not. */
export const currentLag = (): Lag | null => lagNow(heardLag, now)
/** The browser's clock, to the second. */
export const clock = (): number => now

/** Returns the unsubscribe. */
export function onLive(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/**
 * Hears of adjustments that were decided and exports that moved on: whoever shows them reads them again. Also after the stream has come
 * back: a change of one's own is not sent again. Returns the unsubscribe.
 */
export function onChanged(listener: ChangeListener): () => void {
  changeListeners.add(listener)
  return () => changeListeners.delete(listener)
}

export function openLive(): void {
  openedAt = now = Date.now()
  tick = setInterval(() => {
    now = Date.now()
  }, 1_000)
  connect()
}

export function closeLive(): void {
  source?.close()
  source = null
  for (const timer of [redraw, retry]) if (timer) clearTimeout(timer)
  if (tick) clearInterval(tick)
  redraw = retry = tick = null
  Object.assign(table, emptyTable())
  transitions = []
  heardAt = null
  heardLag = null
  hasOpened = false
  version++
}

function connect(): void {
  retry = null
  const stream = new EventSource('/api/v1/stream')
  source = stream
  const on = <K extends StreamEvent['event']>(
    event: K,
    take: (data: Extract<StreamEvent, { event: K }>['data']) => void,
  ) =>
    stream.addEventListener(event, (message) => {
      heardAt = now = Date.now()
      tries = 0
      take(JSON.parse(message.data))
    })
  on('snapshot', (data) => {
    applySnapshot(table, data)
    changed('states')
  })
  on('delta', (data) => {
    if (applyDelta(table, data)) changed('states')
  })
  on('transition', (data) => {
    transitions = [data, ...transitions].slice(0, keptTransitions)
    emit('transition')
  })
  on('event', (data) => emit('event', data.device))
  on('registry', () => emit('registry'))
  on('lag', (data) => {
    heardLag = { ...data, heardAt: Date.now() }
  })
  on('changed', ({ what, id }) => emitChange(what, id))
  stream.addEventListener('open', () => {
    if (hasOpened) for (const what of ['exports', 'incidents'] as const) emitChange(what, null)
    hasOpened = true
  })
  on('heartbeat', () => undefined)
  stream.onerror = () => {
    // While CONNECTING the browser tries again by itself; CLOSED means that the hub refused, perhaps for want of a session.
    if (stream.readyState !== EventSource.CLOSED || source !== stream) return
    void askSession()
    retry = setTimeout(connect, retryMs[Math.min(tries++, retryMs.length - 1)])
  }
}

function changed(what: 'states'): void {
  redraw ??= setTimeout(() => {
    redraw = null
    version++
    emit(what)
  }, drawEveryMs)
}

function emitChange(...change: Parameters<ChangeListener>): void {
  for (const listener of changeListeners) listener(...change)
}

function emit(...heard: Parameters<Listener>): void {
  for (const listener of listeners) listener(...heard)
}
