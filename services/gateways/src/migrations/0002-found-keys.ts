/**
 * What matching looks up instead of comparing everything with everything: the signs of what was found and of what is planned, each in an
 * index. They are written alike by core's rules, which SQL cannot do: rows of before have `hash` NULL and get their keys at the next
 * start (`index-found.ts`); the planned ones follow `registry_change` from its beginning (`planned-signs.ts`).
 *
 * Two figures are kept by triggers, so that they are right whoever writes: how many found devices wait at a gateway, and the sums that a
 * gateway's digest is compared with (48 bits, by the first byte of the hash).
 */
const mask = 0xffffffffffff
const bucket = (hash: string) => `${hash} >> 40`

const add = (kind: string, gateway: string, hash: string) => `
  INSERT INTO inventory_digest (gateway, kind, bucket, total) VALUES (${gateway}, '${kind}', ${bucket(hash)}, ${hash})
  ON CONFLICT (gateway, kind, bucket) DO UPDATE SET total = (total + excluded.total) & ${mask};`
const remove = (kind: string, gateway: string, hash: string) => `
  UPDATE inventory_digest SET total = (total - ${hash}) & ${mask}
  WHERE gateway = ${gateway} AND kind = '${kind}' AND bucket = ${bucket(hash)};`

const digest = (table: string, column: string, kind: string) => `
CREATE TRIGGER ${table}_hash_entered AFTER INSERT ON ${table} WHEN NEW.${column} IS NOT NULL
BEGIN ${add(kind, 'NEW.gateway', `NEW.${column}`)} END;
CREATE TRIGGER ${table}_hash_gone AFTER DELETE ON ${table} WHEN OLD.${column} IS NOT NULL
BEGIN ${remove(kind, 'OLD.gateway', `OLD.${column}`)} END;
CREATE TRIGGER ${table}_hash_left AFTER UPDATE OF gateway, ${column} ON ${table}
WHEN OLD.${column} IS NOT NULL AND (NEW.${column} IS NOT OLD.${column} OR NEW.gateway <> OLD.gateway)
BEGIN ${remove(kind, 'OLD.gateway', `OLD.${column}`)} END;
CREATE TRIGGER ${table}_hash_taken AFTER UPDATE OF gateway, ${column} ON ${table}
WHEN NEW.${column} IS NOT NULL AND (NEW.${column} IS NOT OLD.${column} OR NEW.gateway <> OLD.gateway)
BEGIN ${add(kind, 'NEW.gateway', `NEW.${column}`)} END;
`

const countWaiting = (row: string, by: string) => `
  INSERT INTO discovered_waiting (gateway, devices) VALUES (${row}.gateway, ${by})
  ON CONFLICT (gateway) DO UPDATE SET devices = devices + excluded.devices;`

export const foundKeys = `
CREATE TABLE discovered_key (
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  gateway TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  PRIMARY KEY (kind, value, gateway, endpoint)
) STRICT, WITHOUT ROWID;
CREATE TABLE planned_sign (
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  device TEXT NOT NULL,
  PRIMARY KEY (kind, value, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX planned_sign_device ON planned_sign (device);
CREATE TABLE planned_position (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  revision INTEGER NOT NULL,
  device TEXT NOT NULL
) STRICT;
CREATE TABLE discovered_pending (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  gateway TEXT NOT NULL,
  endpoint TEXT NOT NULL
) STRICT;
CREATE TABLE discovered_waiting (
  gateway TEXT PRIMARY KEY,
  devices INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE inventory_digest (
  gateway TEXT NOT NULL,
  kind TEXT NOT NULL,
  bucket INTEGER NOT NULL,
  total INTEGER NOT NULL,
  PRIMARY KEY (gateway, kind, bucket)
) STRICT, WITHOUT ROWID;

ALTER TABLE discovered ADD COLUMN hash INTEGER;
CREATE INDEX discovered_endpoint ON discovered (endpoint);
CREATE INDEX discovered_hash ON discovered (gateway, hash);
CREATE INDEX discovered_unhashed ON discovered (gateway, endpoint) WHERE hash IS NULL;
CREATE INDEX discovered_oldest ON discovered (gateway, seen_at, first_seen_at) WHERE status = 'waiting';
ALTER TABLE device_binding ADD COLUMN identity_hash INTEGER;
CREATE INDEX device_binding_identity_hash ON device_binding (gateway, identity_hash) WHERE identity_hash IS NOT NULL;

INSERT INTO discovered_waiting
  SELECT gateway, count(*) FROM discovered WHERE status = 'waiting' GROUP BY gateway;
CREATE TRIGGER discovered_waiting_more AFTER INSERT ON discovered WHEN NEW.status = 'waiting'
BEGIN ${countWaiting('NEW', '1')} END;
CREATE TRIGGER discovered_waiting_gone AFTER DELETE ON discovered WHEN OLD.status = 'waiting'
BEGIN ${countWaiting('OLD', '-1')} END;
CREATE TRIGGER discovered_waiting_ended AFTER UPDATE OF status ON discovered
WHEN OLD.status = 'waiting' AND NEW.status <> 'waiting'
BEGIN ${countWaiting('NEW', '-1')} END;
CREATE TRIGGER discovered_waiting_again AFTER UPDATE OF status ON discovered
WHEN OLD.status <> 'waiting' AND NEW.status = 'waiting'
BEGIN ${countWaiting('NEW', '1')} END;
${digest('discovered', 'hash', 'found')}
${digest('device_binding', 'identity_hash', 'identified')}
`
