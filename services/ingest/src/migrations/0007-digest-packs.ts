/**
 * Digests of batches by source and hour in which they came, in one row: a row for each batch, for ever, was 16 GB a year with four gateways. `payload`
 * holds all of each batch and goes when nobody needs it any more; numbers, times and root stay.
 */
export const digestPacks = `
CREATE TABLE batch_digest_pack (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  received_from INTEGER NOT NULL,
  received_to INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  batches INTEGER NOT NULL,
  count INTEGER NOT NULL,
  seqs TEXT NOT NULL,
  root BLOB NOT NULL,
  payload BLOB
) STRICT;
CREATE INDEX batch_digest_pack_received ON batch_digest_pack (received_to) WHERE payload IS NOT NULL;
`
