/** Why a found device was rejected; what happened to devices beside their states. */
export const rolloutAndEvents = `
ALTER TABLE discovered ADD COLUMN rejection TEXT;

CREATE TABLE device_event (
  device TEXT NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  from_value TEXT,
  to_value TEXT NOT NULL,
  PRIMARY KEY (device, at, kind, source, to_value)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_event_noticed ON device_event (at) WHERE kind IN ('motion', 'tamper', 'video-loss', 'digital-input');
`
