/** What all clients of one scope, and of the units whose work orders they see, share: each frame is serialised once, kept in one ring, and sent to each of them. */
import { inScope } from '@hub/contracts'
import { inAnyUnit } from '@hub/core'
import type { Audience, Listeners } from '@hub/platform'
import type { Client } from './client.ts'
import { createRing, type RingLimits } from './ring.ts'

export interface Channel {
  readonly clients: Set<Client>
  /** When its last client left; an idle channel keeps its ring for a while, so that a client may come back to it. */
  idleSince: number
  /** Of the last frame. */
  readonly seq: number
  /** What a client that has seen `seq` has missed; the same bytes for all who are equally far. Undefined: too much. */
  after(seq: number): Buffer | undefined
  /** The snapshot as of now, serialised once a second at most while nothing changes. */
  snapshot(): Buffer
  hears(audience: Audience): boolean
  readonly listeners: Listeners
  push(seq: number, text: string): void
}

type Source = {
  /** Frame of everything that these listeners may see. */ snapshot(listeners: Listeners, seq: number): string
  now(): number
  limits: RingLimits
}

export function createChannel(listeners: Listeners, start: number, { snapshot, now, limits }: Source): Channel {
  const { scope, units } = listeners
  const ring = createRing(start, limits)
  let seq = start
  let cached: { seq: number; at: number; bytes: Buffer } | undefined
  let missed: { from: number; to: number; bytes: Buffer } | undefined
  return {
    listeners,
    clients: new Set(),
    idleSince: now(),
    get seq() {
      return seq
    },
    after(from) {
      if (missed?.from === from && missed.to === seq) return missed.bytes
      const frames = ring.after(from)
      if (!frames) return undefined
      missed = { from, to: seq, bytes: Buffer.from(frames.join('')) }
      return missed.bytes
    },
    hears: ({ districts, units: concerned }) =>
      (concerned === undefined || inAnyUnit(units, concerned)) &&
      (districts === 'city' || districts.some((code) => inScope(scope, code))),
    push(next, text) {
      seq = next
      ring.push({ seq, text })
    },
    snapshot() {
      const at = now()
      if (cached?.seq !== seq || at - cached.at >= 1_000)
        cached = { seq, at, bytes: Buffer.from(snapshot(listeners, seq)) }
      return cached.bytes
    },
  }
}
