/** Seals of locked scorecards: numbered without a gap, each naming the one before. The triggers refuse mistakes; who has the file is found by the anchor. */
export const seals = `
CREATE TABLE seal (
  seq INTEGER PRIMARY KEY,
  card TEXT NOT NULL UNIQUE,
  fingerprint TEXT NOT NULL UNIQUE,
  previous TEXT,
  envelope TEXT NOT NULL,
  keys TEXT NOT NULL,
  sealed_at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER seal_no_update BEFORE UPDATE ON seal BEGIN SELECT raise(ABORT, 'seals are immutable'); END;
CREATE TRIGGER seal_no_delete BEFORE DELETE ON seal BEGIN SELECT raise(ABORT, 'seals are immutable'); END;
`
