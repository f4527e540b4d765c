/** What all clients of one scope share: each frame is serialised once, kept in one ring, and sent to each of them. */
import { inScope, type Scope } from '@hub/contracts'
import type { LiveDevice, LiveModel } from '../live/model.ts'
import type { Client } from './client.ts'
import { frame } from './frame.ts'
import { createRing, type RingLimits } from './ring.ts'

export interface Channel {
  readonly clients: Set<Client>
  /** When its last client left; an idle channel keeps its ring for a while, so that a client may come back to it. */
  idleSince: number
  /** Of the last frame. */
  readonly seq: number
  after(seq: number): string[] | undefined
  /** The snapshot as of now, serialised once a second at most while nothing changes. */
  snapshot(): string
  covers(district: string): boolean
  push(seq: number, text: string): void
}

type Source = { model: LiveModel; now(): number; limits: RingLimits }

export function createChannel(scope: Scope, start: number, { model, now, limits }: Source): Channel {
  const ring = createRing(start, limits)
  let seq = start
  let cached: { seq: number; at: number; text: string } | undefined
  return {
    clients: new Set(),
    idleSince: now(),
    get seq() {
      return seq
    },
    after: ring.after,
    covers: (district) => inScope(scope, district),
    push(next, text) {
      seq = next
      ring.push({ seq, text })
    },
    snapshot() {
      const at = now()
      if (cached?.seq !== seq || at - cached.at >= 1_000)
        cached = { seq, at, text: frame('snapshot', columns(model.devices(scope), seq, at), seq) }
      return cached.text
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
