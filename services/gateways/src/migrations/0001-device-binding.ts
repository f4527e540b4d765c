/**
 * Which gateway watches a device, and what the device says that it is, leave the tables of registry and ingest for this room's own.
 * One migration for the three rooms, here because gateways come after registry and before ingest in the table of modules: between two
 * migrations there would be a state in which a row stands in both places or in none. The index goes first, for a column that an index
 * names cannot be dropped; no trigger names any of these columns. Dropping columns keeps the rows of `device`, so that nothing that
 * refers to them is deleted with them.
 */
const identityKinds = "('manufacturer', 'model', 'firmware', 'serial', 'resolution', 'codec', 'fps')"

export const deviceBinding = `
CREATE TABLE device_binding (
  device TEXT PRIMARY KEY,
  gateway TEXT NOT NULL,
  endpoint TEXT,
  xaddr TEXT,
  credential TEXT,
  every_ms INTEGER NOT NULL,
  identity TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX device_binding_gateway ON device_binding (gateway, device);
INSERT INTO device_binding
  SELECT id, gateway, endpoint, xaddr, credential, every_ms, identity FROM device WHERE gateway IS NOT NULL;

DROP INDEX device_gateway;
ALTER TABLE device DROP COLUMN gateway;
ALTER TABLE device DROP COLUMN endpoint;
ALTER TABLE device DROP COLUMN xaddr;
ALTER TABLE device DROP COLUMN credential;
ALTER TABLE device DROP COLUMN every_ms;
ALTER TABLE device DROP COLUMN identity;

CREATE TABLE identity_event (
  device TEXT NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  from_value TEXT,
  to_value TEXT NOT NULL,
  PRIMARY KEY (device, at, kind, source, to_value)
) STRICT, WITHOUT ROWID;
INSERT INTO identity_event
  SELECT device, at, kind, source, from_value, to_value FROM device_event WHERE kind IN ${identityKinds};
DELETE FROM device_event WHERE kind IN ${identityKinds};
`
