/**
 * What the intervals of a device were before they were changed, so that it can be told how they were known at an instant. A row says of
 * the interval that begins at `from_at` what it was until `until_at`; no state: there was none. The first row after an instant counts, and
 * where there is none the interval itself. `touched_from`: from when on the change makes a difference.
 */
export const intervalPast = `
CREATE TABLE interval_past (
  device TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  touched_from INTEGER NOT NULL,
  to_at INTEGER,
  state TEXT,
  PRIMARY KEY (device, from_at, until_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX interval_past_changes ON interval_past (until_at, touched_from, device);
CREATE TABLE interval_past_kept (since INTEGER NOT NULL) STRICT;
`
