/** What other rooms may read of what devices said. Each is a view over one table of its owner, the room ingest; nobody else names that table. */

export interface IngestViews {
  /** Where a device stands now. */
  ingest_state: IngestState
  /** How a device was: half-open, without gaps, `to_at` null for the last. */
  ingest_interval: IngestInterval
  /** What an interval was before it was changed: the first row after an instant says how it was known then; none: as it is. */
  ingest_interval_past: IngestIntervalPast
  /** Since when that is kept: one row, or none. */
  ingest_interval_past_kept: { since: number }
  /** What happened to a device beside its state. */
  ingest_event: IngestEvent
  /** A batch that was taken in the last hours: its digest stays when the batch itself has been deleted. */
  ingest_batch_digest: IngestBatchDigest
  /** Those that were taken before, by source and hour. */
  ingest_batch_digest_pack: IngestBatchDigestPack
  /** Whose spool and which key `ingest_batch_digest.source` stands for. */
  ingest_batch_source: IngestBatchSource
  /** Observations that were acknowledged and not taken, by gateway, device and reason. */
  ingest_refusal: IngestRefusal
}

interface IngestState {
  device: string
  state: string
  since: number | null
  /** `Rule`. */
  rule: string
  /** Its last observation. */
  last_at: number | null
  /** Last ten `Observation`s, newest first. */
  recent: string
  /** Verdict of the last probe of its picture. */
  picture: string | null
  picture_at: number | null
  /** Device minus centre. */
  clock_offset_ms: number | null
  clock_at: number | null
}

interface IngestInterval {
  device: string
  from_at: number
  to_at: number | null
  state: string
  /** `Rule`. */
  rule: string
}

interface IngestIntervalPast {
  device: string
  from_at: number
  /** When it was changed. */
  until_at: number
  /** From when on the change makes a difference. */
  touched_from: number
  to_at: number | null
  /** Null: there was none that begins then. */
  state: string | null
}

interface IngestEvent {
  device: string
  at: number
  kind: string
  /** '' when the event names none. */
  source: string
  from_value: string | null
  to_value: string
}

interface IngestBatchDigest {
  /** In the order in which they were taken. */
  id: number
  source: number
  seq: number
  first_at: number
  last_at: number
  /** Observations that counted. */
  count: number
  received_at: number
  /** SHA-256 of the batch bytes. */
  digest: Uint8Array
  /** Null: unsigned. */
  signature: Uint8Array | null
}

interface IngestBatchDigestPack {
  /** Of its first batch; they are in the order in which they were taken. */
  id: number
  source: number
  /** When they came: the first and the last. */
  received_from: number
  received_to: number
  first_at: number
  last_at: number
  batches: number
  /** Observations that counted. */
  count: number
  /** Their numbers, as core's `seqRanges` writes them. */
  seqs: string
  /** Merkle root over their lines by number, as `batches.tsv` of a pack has them. */
  root: Uint8Array
  /** core's `encodeDigests`, zstd. Null: gone, as nobody needs it any more. */
  payload: Uint8Array | null
}

interface IngestBatchSource {
  id: number
  gateway: string
  epoch: number
  /** `SealKey`; '' of batches that were not signed. */
  key: string
}

interface IngestRefusal {
  gateway: string
  /** '' where they are of none on record. */
  device: string
  /** `RefusalReason`. */
  reason: string
  count: number
  first_at: number
  last_at: number
}
