/** Tables of ingest: this room alone reads and writes them. Times are UTC milliseconds; JSON columns hold a contracts type. */
import type { IngestViews } from '@hub/contracts'
import type { Generated } from 'kysely'

export interface IngestTables {
  batch: BatchTable
  batch_pack: BatchPackTable
  probe_run: ProbeRunTable
  probe_run_pack: ProbeRunPackTable
  interval: IntervalTable
  interval_past: IntervalPastTable
  /** One row: since when `interval_past` is written. */
  interval_past_kept: { since: number }
  device_state: DeviceStateTable
  device_event: DeviceEventTable
  batch_source: IngestViews['ingest_batch_source']
  batch_digest: IngestViews['ingest_batch_digest']
  batch_digest_pack: IngestViews['ingest_batch_digest_pack']
  refusal: RefusalTable
}

/** What gateways said, byte for byte: the truth of which all else here is a projection. */
interface BatchTable {
  id: Generated<number>
  gateway: string
  epoch: number
  seq: number
  first_at: number
  last_at: number
  count: number
  received_at: number
  /** The message, zstd. */
  payload: Uint8Array
}

/** Batches of a gateway, of one hour of event time, in one (raw-pack). */
interface BatchPackTable {
  /** Of its first batch. */
  id: number
  gateway: string
  first_at: number
  last_at: number
  /** The last of them. */
  received_at: number
  batches: number
  /** Observations applied. */
  count: number
  /** Root of the Merkle tree over the SHA-256 of each message (raw-pack). It stays when they go. */
  root: Uint8Array
  /** Null when their time is over. */
  payload: Uint8Array | null
}

/** Runs of observations that agree (core/ingest/runs). */
interface ProbeRunTable {
  device: string
  first_at: number
  last_at: number
  fresh_until: number
  count: number
  verdict: string
  rung: string
  reason: string | null
  /** JSON array: times of the first observations (`Run.heads`). */
  heads: string
}

/** Runs of a device, of a day or, once that is settled, of a month (core/ingest/run-codec). */
interface ProbeRunPackTable {
  device: string
  /** The day or month: `[from_at, to_at)`. */
  from_at: number
  to_at: number
  /** Of runs. */
  count: number
  /** SHA-256 of the runs as `encodeRuns` writes them; null of a day. It stays when they go. */
  digest: Uint8Array | null
  /** `encodeRuns`, zstd; null when their time is over. */
  runs: Uint8Array | null
}

interface IntervalTable {
  device: string
  from_at: number
  to_at: number | null
  state: string
  rule: string
}

/** What an interval was until it was changed. */
interface IntervalPastTable {
  device: string
  from_at: number
  until_at: number
  /** From when on the change makes a difference. */
  touched_from: number
  to_at: number | null
  /** Null: there was none that begins then. */
  state: string | null
}

/** Projection of the evidence: where the state machine of a device stands. */
interface DeviceStateTable {
  device: string
  state: string
  since: number | null
  /** `Rule`. */
  rule: string
  last_at: number | null
  /** Last ten `Observation`s, newest first. */
  recent: string
  /** `DeviceHealth` of core: where ingest goes on after a restart. */
  health: string | null
  /** The last `batch.id` that this row holds: a replay skips the batches up to it. */
  applied: number | null
  /** Device minus centre at the last probe that read its clock, and when that was. */
  clock_offset_ms: Generated<number | null>
  clock_at: Generated<number | null>
  /** Verdict of the last probe that reached the rung `picture`, and when that was. */
  picture: Generated<string | null>
  picture_at: Generated<number | null>
}

/** `DeviceEvent`. The key makes an event that comes twice one event. */
interface DeviceEventTable {
  device: string
  at: number
  kind: string
  /** '' when the event names none. */
  source: string
  from_value: string | null
  to_value: string
}

/** `Refusal` of contracts, by gateway and device ('' for none on record). */
interface RefusalTable {
  gateway: string
  device: string
  reason: string
  count: number
  first_at: number
  last_at: number
}
