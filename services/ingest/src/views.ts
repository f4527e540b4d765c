/** What other rooms may read of what devices said. The columns are documented with their types, in contracts. */
import type { View } from '@hub/platform'

export const ingestViews: readonly View[] = [
  {
    name: 'ingest_state',
    sql: `SELECT device, state, since, rule, last_at, recent, picture, picture_at, clock_offset_ms, clock_at FROM device_state`,
  },
  {
    name: 'ingest_interval',
    sql: `SELECT device, from_at, to_at, state, rule FROM interval`,
  },
  {
    name: 'ingest_batch_digest',
    sql: `SELECT id, source, seq, first_at, last_at, count, received_at, digest, signature FROM batch_digest`,
  },
  {
    name: 'ingest_batch_digest_pack',
    sql: `SELECT id, source, received_from, received_to, first_at, last_at, batches, count, seqs, root, payload FROM batch_digest_pack`,
  },
  {
    name: 'ingest_batch_source',
    sql: `SELECT id, gateway, epoch, key FROM batch_source`,
  },
  {
    name: 'ingest_interval_past',
    sql: `SELECT device, from_at, until_at, touched_from, to_at, state FROM interval_past`,
  },
  {
    name: 'ingest_interval_past_kept',
    sql: `SELECT since FROM interval_past_kept`,
  },
  {
    name: 'ingest_event',
    sql: `SELECT device, at, kind, source, from_value, to_value FROM device_event`,
  },
  {
    name: 'ingest_refusal',
    sql: `SELECT gateway, device, reason, count, first_at, last_at FROM refusal`,
  },
]
