/** What all clients of one scope, and of the units whose work orders they see, share: each frame is serialised once, kept in one ring, and sent to each of them. */
import { inScope, type Scope } from '@hub/contracts'
import { inUnits, type Units } from '@hub/core'
import type { LiveDevice, LiveModel } from '../live/model.ts'
import type { OrderAudience } from '../store/trouble.ts'
import type { Client } from './client.ts'
import { frame } from './frame.ts'
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
  covers(district: string): boolean
  coversOrder(order: OrderAudience): boolean
  push(seq: number, text: string): void
}

/** Who listens to a channel. */
export type Listeners = { scope: Scope; units: Units }
type Source = { model: LiveModel; now(): number; limits: RingLimits }

export function createChannel({ scope, units }: Listeners, start: number, { model, now, limits }: Source): Channel {
  const ring = createRing(start, limits)
  let seq = start
  let cached: { seq: number; at: number; bytes: Buffer } | undefined
  let missed: { from: number; to: number; bytes: Buffer } | undefined
  return {
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
    covers: (district) => inScope(scope, district),
    coversOrder: ({ unit, districts }) => inUnits(units, unit) && districts.some((code) => inScope(scope, code)),
    push(next, text) {
      seq = next
      ring.push({ seq, text })
    },
    snapshot() {
      const at = now()
      if (cached?.seq !== seq || at - cached.at >= 1_000)
        cached = { seq, at, bytes: Buffer.from(frame('snapshot', columns(model.devices(scope), seq, at), seq)) }
      return cached.bytes
    },
  }
}

const columns = (devices: readonly LiveDevice[], seq: number, asOf: number) => ({
  seq,
  asOf,
  ids: devices.map((d) => d.id),
  states: devices.map((d) => d.state),
  since: devices.map((d) => d.since),
})
