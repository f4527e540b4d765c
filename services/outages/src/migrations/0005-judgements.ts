/** What people say of outages: kept as truth, and in effect until it is undone. `steps`, `groups`: see `tables.ts`. */
export const judgements = `
ALTER TABLE outage ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
CREATE TABLE outage_judgement (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  act TEXT NOT NULL,
  outage TEXT NOT NULL,
  others TEXT NOT NULL,
  devices INTEGER NOT NULL,
  was TEXT NOT NULL,
  cause TEXT,
  reason TEXT NOT NULL,
  undoes INTEGER,
  undone INTEGER NOT NULL DEFAULT 0,
  effect TEXT NOT NULL,
  steps TEXT NOT NULL,
  groups TEXT NOT NULL
) STRICT;
CREATE INDEX outage_judgement_pending ON outage_judgement (id) WHERE effect = 'pending';
CREATE INDEX outage_judgement_outage ON outage_judgement (outage);
CREATE INDEX outage_judgement_at ON outage_judgement (at);
`
