/**
 * What is old is kept packed: the runs of a device's day or month in one row, and the batches of a gateway's hour in one. Rows of before stay
 * as they are until they are packed in their turn. `runs` and `payload` go when their time is over; digest and root stay.
 */
export const packs = `
CREATE TABLE probe_run_pack (
  device TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER NOT NULL,
  count INTEGER NOT NULL,
  digest BLOB,
  runs BLOB,
  PRIMARY KEY (device, from_at)
) STRICT, WITHOUT ROWID;
CREATE TABLE batch_pack (
  id INTEGER PRIMARY KEY,
  gateway TEXT NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  batches INTEGER NOT NULL,
  count INTEGER NOT NULL,
  root BLOB NOT NULL,
  payload BLOB
) STRICT;
CREATE INDEX batch_pack_time ON batch_pack (gateway, last_at, first_at);
CREATE INDEX batch_pack_received ON batch_pack (received_at) WHERE payload IS NOT NULL;
`
