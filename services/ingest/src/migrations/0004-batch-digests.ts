/**
 * What stays of a batch for ever: the digest of its bytes and its gateway's signature. Apart from `batch`, whose rows go with their age. The row is
 * small, for there is one a second of each gateway: who and with which key stands once in `batch_source`.
 */
export const batchDigests = `
CREATE TABLE batch_source (
  id INTEGER PRIMARY KEY,
  gateway TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  key TEXT NOT NULL,
  UNIQUE (gateway, epoch, key)
) STRICT;
CREATE TABLE batch_digest (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  count INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  digest BLOB NOT NULL,
  signature BLOB
) STRICT;
`
