/** What was refused, counted: dead letters are for whoever examines one, and the oldest go. Device '' where it is of none on record. */
export const refusals = `
CREATE TABLE refusal (
  gateway TEXT NOT NULL,
  device TEXT NOT NULL,
  reason TEXT NOT NULL,
  count INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (gateway, device, reason)
) STRICT, WITHOUT ROWID;
CREATE INDEX refusal_device ON refusal (device);
`
