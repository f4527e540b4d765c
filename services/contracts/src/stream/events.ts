/** Server-sent events of the live stream. */
import { z } from 'zod'
import { ChangedKind } from '../common/changed.ts'
import { DeviceId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { DeviceEvent } from '../ingest/event.ts'
import { DataLag } from '../ingest/lag.ts'
import { DeviceState, Transition } from '../ingest/transition.ts'

/** Server-sent events of `/api/v1/stream`. The SSE id is `seq`; a `Last-Event-ID` that is too old is answered with a snapshot. */
export const StreamEvents = {
  /** Everything, columnar: the n-th of each column is one device. Also sent when a client must resync. */
  snapshot: z.strictObject({
    seq: z.int(),
    asOf: Instant,
    ids: z.array(DeviceId),
    states: z.array(DeviceState),
    since: z.array(Instant.nullable()),
  }),
  /** Coalesced: the last change of each device in the last 250–1,000 ms. */
  delta: z.strictObject({
    seq: z.int(),
    asOf: Instant,
    changes: z.array(z.tuple([DeviceId, DeviceState, Instant.nullable()])),
  }),
  /** Never coalesced. */
  transition: Transition,
  /** Never coalesced: something happened to a device beside its state. */
  event: DeviceEvent,
  /** The hub began to be behind, is, or has caught up. */
  lag: DataLag,
  /** An exemption or correction was decided, an export, an outage or a work order moved on: read it again. No id: several. */
  changed: z.strictObject({ what: ChangedKind, id: z.string().nullable() }),
  /** The registry changed: read devices again. */
  registry: z.strictObject({ seq: z.int() }),
  /** Every 15 s: silence longer than two of them is stale. */
  heartbeat: z.strictObject({ at: Instant }),
} as const
export type StreamEvent = {
  [K in keyof typeof StreamEvents]: { event: K; data: z.infer<(typeof StreamEvents)[K]> }
}[keyof typeof StreamEvents]
