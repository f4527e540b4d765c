/** The uptime record: exemptions and corrections, rollups by day, scorecards, stated figures, checks of platforms, exports. */
export const uptimeRecord = `
ALTER TABLE device ADD COLUMN pole TEXT GENERATED ALWAYS AS (json_extract(record, '$.poleNumber')) VIRTUAL;
ALTER TABLE device ADD COLUMN feed TEXT GENERATED ALWAYS AS (json_extract(record, '$.powerSource')) VIRTUAL;
ALTER TABLE device ADD COLUMN zone TEXT GENERATED ALWAYS AS (json_extract(record, '$.zone')) VIRTUAL;
ALTER TABLE device_state ADD COLUMN clock_offset_ms REAL;
ALTER TABLE device_state ADD COLUMN clock_at INTEGER;
ALTER TABLE device_state ADD COLUMN picture TEXT;
ALTER TABLE device_state ADD COLUMN picture_at INTEGER;

CREATE TABLE adjustment (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  count_as TEXT NOT NULL,
  status TEXT NOT NULL,
  scope TEXT NOT NULL,
  within TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER NOT NULL,
  recurrence TEXT,
  reason TEXT NOT NULL,
  applicant TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  decided_by TEXT,
  decided_at INTEGER,
  note TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX adjustment_status ON adjustment (status, from_at);

CREATE TABLE uptime_day (
  device TEXT NOT NULL,
  day INTEGER NOT NULL,
  up_ms INTEGER NOT NULL,
  down_ms INTEGER NOT NULL,
  unknown_ms INTEGER NOT NULL,
  exempt_ms INTEGER NOT NULL,
  PRIMARY KEY (device, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE uptime_sum (
  period INTEGER NOT NULL,
  district TEXT NOT NULL,
  application TEXT NOT NULL,
  carrier TEXT NOT NULL,
  point_type TEXT NOT NULL,
  project TEXT NOT NULL,
  zone TEXT NOT NULL,
  devices INTEGER NOT NULL,
  up_ms INTEGER NOT NULL,
  down_ms INTEGER NOT NULL,
  unknown_ms INTEGER NOT NULL,
  exempt_ms INTEGER NOT NULL,
  PRIMARY KEY (period, district, application, carrier, point_type, project, zone)
) STRICT, WITHOUT ROWID;

CREATE TABLE uptime_dirty (
  device TEXT NOT NULL,
  consumer TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER NOT NULL,
  PRIMARY KEY (consumer, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE scorecard (
  id TEXT PRIMARY KEY,
  month TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  version INTEGER NOT NULL,
  status TEXT NOT NULL,
  card TEXT NOT NULL,
  hash TEXT,
  UNIQUE (month, subject_kind, subject, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE statement (
  what TEXT NOT NULL,
  month TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  value REAL NOT NULL,
  source TEXT NOT NULL,
  entered_by TEXT NOT NULL,
  entered_at INTEGER NOT NULL,
  PRIMARY KEY (what, month, subject_kind, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE platform_state (
  platform TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  url TEXT,
  normal INTEGER,
  checked_at INTEGER,
  ms REAL,
  problem TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE platform_hour (
  platform TEXT NOT NULL,
  at INTEGER NOT NULL,
  passed INTEGER NOT NULL,
  due INTEGER NOT NULL,
  PRIMARY KEY (platform, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE export (
  id TEXT PRIMARY KEY,
  request TEXT NOT NULL,
  scope TEXT NOT NULL,
  status TEXT NOT NULL,
  progress REAL NOT NULL,
  row_count INTEGER NOT NULL,
  bytes INTEGER,
  file_name TEXT,
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  ended_at INTEGER,
  problem TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX export_status ON export (status, requested_at);
`
