/** The tables of `schema.ts`. Where the key is the row's only way in, the table is WITHOUT ROWID: no second tree to keep. */
export const first = `
CREATE TABLE device (
  id TEXT PRIMARY KEY,
  district TEXT NOT NULL,
  kind TEXT NOT NULL,
  application TEXT NOT NULL,
  carrier TEXT NOT NULL,
  point_type TEXT NOT NULL,
  project TEXT,
  stage TEXT NOT NULL,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  longitude REAL,
  latitude REAL,
  ip_address TEXT,
  record TEXT NOT NULL,
  gateway TEXT,
  endpoint TEXT,
  xaddr TEXT,
  credential TEXT,
  every_ms INTEGER NOT NULL,
  identity TEXT,
  in_service_from INTEGER,
  in_service_to INTEGER,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX device_district ON device (district, id);
CREATE INDEX device_gateway ON device (gateway, id) WHERE gateway IS NOT NULL;
CREATE INDEX device_ip_address ON device (ip_address) WHERE ip_address IS NOT NULL;

CREATE TABLE device_state (
  device TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  since INTEGER,
  rule TEXT NOT NULL,
  last_at INTEGER,
  recent TEXT NOT NULL,
  health TEXT,
  applied INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (
  device TEXT NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  fresh_until INTEGER NOT NULL,
  count INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  rung TEXT NOT NULL,
  reason TEXT,
  heads TEXT NOT NULL,
  PRIMARY KEY (device, first_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE interval (
  device TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER,
  state TEXT NOT NULL,
  rule TEXT NOT NULL,
  PRIMARY KEY (device, from_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  gateway TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  count INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  payload BLOB NOT NULL,
  UNIQUE (gateway, epoch, seq)
) STRICT;
CREATE INDEX batch_time ON batch (gateway, first_at, last_at);

CREATE TABLE gateway (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  districts TEXT NOT NULL,
  password_hash TEXT,
  status TEXT,
  last_seen_at INTEGER,
  assignment_version INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE discovered (
  gateway TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  found TEXT NOT NULL,
  status TEXT NOT NULL,
  first_seen_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  device TEXT,
  PRIMARY KEY (gateway, endpoint)
) STRICT, WITHOUT ROWID;

CREATE TABLE sensor_credential (
  device TEXT PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
  password_hash TEXT NOT NULL,
  issued_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE user (
  name TEXT PRIMARY KEY,
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL,
  districts TEXT NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  locked_until INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  id TEXT PRIMARY KEY,
  user TEXT NOT NULL REFERENCES user (name) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_user ON session (user);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;

CREATE TABLE dead_letter (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  source TEXT NOT NULL,
  reason TEXT NOT NULL,
  payload BLOB NOT NULL
) STRICT;

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`
