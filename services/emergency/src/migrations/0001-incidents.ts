/** Incidents with all that hangs on them, plans, and the resources that the client imports. Times are UTC milliseconds. */
export const incidents = `
CREATE TABLE incident (
  id TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, drill INTEGER NOT NULL, title TEXT NOT NULL, class TEXT NOT NULL, type TEXT NOT NULL,
  level INTEGER, warning TEXT, source TEXT NOT NULL, reference TEXT, device TEXT, rule TEXT, status TEXT NOT NULL, district TEXT NOT NULL,
  address TEXT NOT NULL, longitude REAL, latitude REAL, occurred_at INTEGER NOT NULL, reported_at INTEGER NOT NULL,
  accepted_at INTEGER NOT NULL, opened_at INTEGER NOT NULL, verified_at INTEGER, graded_at INTEGER, ended_at INTEGER, reviewed_at INTEGER,
  acknowledged_by TEXT, acknowledged_at INTEGER, lead TEXT, duty TEXT NOT NULL, description TEXT NOT NULL, caller_name TEXT,
  caller_phone TEXT, dead INTEGER NOT NULL, injured INTEGER NOT NULL, missing INTEGER NOT NULL, parent TEXT REFERENCES incident (id),
  merged_into TEXT REFERENCES incident (id), reports INTEGER NOT NULL, reported_last_at INTEGER NOT NULL, colour_at INTEGER,
  updated_at INTEGER NOT NULL, revision INTEGER NOT NULL
) STRICT;
CREATE INDEX incident_accepted ON incident (accepted_at);
CREATE INDEX incident_status ON incident (status, accepted_at);
CREATE INDEX incident_parent ON incident (parent);
CREATE INDEX incident_colour ON incident (colour_at);
CREATE TABLE incident_number (prefix TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;
CREATE TABLE incident_report (
  incident TEXT NOT NULL REFERENCES incident (id), seq INTEGER NOT NULL, source TEXT NOT NULL, reference TEXT, device TEXT, rule TEXT,
  title TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (incident, seq), UNIQUE (source, reference)
) STRICT;
CREATE TABLE incident_entry (
  incident TEXT NOT NULL REFERENCES incident (id), seq INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL, kind TEXT NOT NULL,
  step TEXT, note TEXT, detail TEXT NOT NULL, PRIMARY KEY (incident, seq)
) STRICT;
CREATE TABLE incident_unit (
  incident TEXT NOT NULL REFERENCES incident (id), seq INTEGER NOT NULL, unit TEXT NOT NULL, part TEXT NOT NULL,
  dispatched_at INTEGER NOT NULL, signed_at INTEGER, departed_at INTEGER, arrived_at INTEGER, PRIMARY KEY (incident, unit)
) STRICT;
CREATE TABLE incident_camera (
  incident TEXT NOT NULL REFERENCES incident (id), device TEXT NOT NULL, seq INTEGER NOT NULL, camera TEXT NOT NULL,
  chosen_at INTEGER NOT NULL, chosen_by TEXT NOT NULL, preset TEXT, PRIMARY KEY (incident, device)
) STRICT;
CREATE TABLE incident_attachment (
  id TEXT PRIMARY KEY, incident TEXT NOT NULL REFERENCES incident (id), name TEXT NOT NULL, type TEXT NOT NULL, bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL
) STRICT;
CREATE INDEX incident_attachment_of ON incident_attachment (incident, at);
CREATE TABLE incident_order (
  key TEXT PRIMARY KEY, incident TEXT NOT NULL REFERENCES incident (id), unit TEXT, at INTEGER NOT NULL, by TEXT NOT NULL,
  answered INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX incident_order_of ON incident_order (incident, at);
CREATE TABLE incident_warning (
  incident TEXT NOT NULL REFERENCES incident (id), step TEXT NOT NULL, unit TEXT NOT NULL, from_at INTEGER NOT NULL, colour TEXT NOT NULL,
  at INTEGER NOT NULL, PRIMARY KEY (incident, step, unit, from_at, colour)
) STRICT;
CREATE TABLE incident_plan (
  incident TEXT PRIMARY KEY REFERENCES incident (id), plan TEXT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL,
  started_at INTEGER NOT NULL, started_by TEXT NOT NULL
) STRICT;
CREATE TABLE incident_plan_step (
  incident TEXT NOT NULL REFERENCES incident (id), seq INTEGER NOT NULL, title TEXT NOT NULL, role TEXT NOT NULL, limit_minutes INTEGER,
  hint TEXT, state TEXT NOT NULL, due INTEGER, assignee TEXT, at INTEGER, by TEXT, note TEXT, added INTEGER NOT NULL,
  PRIMARY KEY (incident, seq)
) STRICT;
CREATE TABLE plan (id TEXT PRIMARY KEY, version INTEGER NOT NULL, retired INTEGER NOT NULL) STRICT;
CREATE TABLE plan_version (
  plan TEXT NOT NULL REFERENCES plan (id), version INTEGER NOT NULL, draft TEXT NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL,
  PRIMARY KEY (plan, version)
) STRICT;
CREATE TABLE resource (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, district TEXT NOT NULL, longitude REAL NOT NULL, latitude REAL NOT NULL,
  phone TEXT, capacity INTEGER, note TEXT, updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX resource_kind ON resource (kind);
`
