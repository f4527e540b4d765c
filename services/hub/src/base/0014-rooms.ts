/**
 * What crosses rooms when they took over their tables: `meta` becomes settings by room, and the messages that ingest kept in it become
 * rows of the outbox. From here on each room has migrations of its own.
 */
const room = `CASE
  WHEN key LIKE 'ingest:%' OR key LIKE 'telemetry:%' THEN 'ingest'
  WHEN key LIKE 'uptime:%' OR key LIKE 'adjustments:%' OR key LIKE 'buckets:%' THEN 'uptime'
  WHEN key LIKE 'notices:%' THEN 'notify'
  WHEN key LIKE 'platforms:%' THEN 'monitored'
  ELSE 'platform' END`
/** The name of the room in front of a key goes: the column says it. */
const bare = `CASE
  WHEN key LIKE 'ingest:%' OR key LIKE 'uptime:%' OR key LIKE 'notices:%' OR key LIKE 'platforms:%'
  THEN substr(key, instr(key, ':') + 1) ELSE key END`

const adjustmentsChanged = `INSERT INTO setting VALUES ('uptime', 'adjustments:version', '1')
  ON CONFLICT (room, key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT);`

export const rooms = `
CREATE TABLE setting (
  room TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (room, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  message TEXT NOT NULL,
  params TEXT NOT NULL,
  body TEXT NOT NULL,
  published INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX outbox_unpublished ON outbox (id) WHERE published = 0;
CREATE INDEX outbox_message ON outbox (message, id);

CREATE TABLE outbox_cursor (
  consumer TEXT PRIMARY KEY,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO outbox (at, message, params, body)
  SELECT 0, substr(sent.value ->> 'topic', 25), json_object('district', substr(sent.value ->> 'topic', 18, 6)),
    json_array(json(sent.value ->> 'payload'))
  FROM meta, json_each(meta.value) AS sent WHERE meta.key LIKE 'outbox:%' ORDER BY meta.key, sent.key;

INSERT INTO setting (room, key, value) SELECT ${room}, ${bare}, value FROM meta WHERE key NOT LIKE 'outbox:%';

DROP TRIGGER adjustment_entered;
DROP TRIGGER adjustment_changed;
DROP TRIGGER adjustment_gone;
CREATE TRIGGER adjustment_entered AFTER INSERT ON adjustment BEGIN ${adjustmentsChanged} END;
CREATE TRIGGER adjustment_changed AFTER UPDATE ON adjustment BEGIN ${adjustmentsChanged} END;
CREATE TRIGGER adjustment_gone AFTER DELETE ON adjustment BEGIN ${adjustmentsChanged} END;
DROP TABLE meta;
`
