/** Outages with their members and history, work orders with their evidence chain, imported topology, notices to send. */
export const outages = `
CREATE TABLE outage (
  id TEXT PRIMARY KEY,
  cause_kind TEXT NOT NULL,
  cause_key TEXT NOT NULL,
  cause_mode TEXT NOT NULL,
  evidence TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER,
  districts TEXT NOT NULL,
  expected INTEGER NOT NULL,
  members INTEGER NOT NULL,
  down INTEGER NOT NULL,
  importance TEXT NOT NULL,
  merged_into TEXT,
  status TEXT NOT NULL,
  assignee TEXT,
  acknowledged_at INTEGER,
  resolved_at INTEGER,
  closed_at INTEGER,
  silenced_until INTEGER,
  escalation INTEGER NOT NULL DEFAULT 0,
  reopened INTEGER NOT NULL DEFAULT 0,
  notified_at INTEGER,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX outage_status ON outage (status, from_at);
CREATE INDEX outage_cause ON outage (cause_kind, cause_key, from_at);

CREATE TABLE outage_member (
  outage TEXT NOT NULL,
  device TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER,
  sign TEXT NOT NULL,
  expected INTEGER NOT NULL,
  PRIMARY KEY (outage, device, from_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX outage_member_device ON outage_member (device, from_at);

CREATE TABLE outage_change (
  id INTEGER PRIMARY KEY,
  outage TEXT NOT NULL,
  change TEXT NOT NULL
) STRICT;
CREATE INDEX outage_change_outage ON outage_change (outage, id);

CREATE TABLE outage_step (
  id INTEGER PRIMARY KEY,
  outage TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  step TEXT NOT NULL,
  note TEXT
) STRICT;
CREATE INDEX outage_step_outage ON outage_step (outage, id);

CREATE TABLE topology_need (
  device TEXT NOT NULL,
  need INTEGER NOT NULL,
  alternatives TEXT NOT NULL,
  PRIMARY KEY (device, need)
) STRICT, WITHOUT ROWID;

CREATE TABLE work_order (
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  outage TEXT,
  unit TEXT NOT NULL,
  carrier TEXT,
  districts TEXT NOT NULL,
  title TEXT NOT NULL,
  status TEXT NOT NULL,
  issued_by TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  respond_by INTEGER NOT NULL,
  repair_by INTEGER NOT NULL,
  rule TEXT NOT NULL,
  received_at INTEGER,
  done_at INTEGER,
  closed_at INTEGER,
  overtime TEXT NOT NULL DEFAULT 'none',
  returned INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX work_order_status ON work_order (status, repair_by);
CREATE INDEX work_order_outage ON work_order (outage) WHERE outage IS NOT NULL;

CREATE TABLE work_order_device (
  work_order TEXT NOT NULL,
  device TEXT NOT NULL,
  PRIMARY KEY (work_order, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX work_order_device_device ON work_order_device (device);

CREATE TABLE work_order_step (
  id INTEGER PRIMARY KEY,
  work_order TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  step TEXT NOT NULL,
  note TEXT,
  down INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX work_order_step_order ON work_order_step (work_order, id);
CREATE TRIGGER work_order_step_fixed BEFORE UPDATE ON work_order_step BEGIN SELECT raise(ABORT, 'the evidence chain is append-only'); END;

CREATE TABLE notice (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  channel TEXT NOT NULL,
  outage TEXT,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  status TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  sent_at INTEGER,
  problem TEXT
) STRICT;
CREATE INDEX notice_due ON notice (status, next_at);
`
