/**
 * The dated record. A tenure is a stretch of a device's time under one set of the attributes that figures are grouped, filtered or judged
 * by, in two times: when it was true (`valid_from`, `valid_to`) and when it was said (`said_at`, `superseded_at`). Rows are never edited,
 * only superseded. A statement is one saying: since when it holds.
 *
 * The triggers make a plain change hold from `updated_at` on, whoever writes the device: the past stays as it was. A change that reaches
 * back is written by `restate.ts` alone. Who leaves `updated_at` as it was does not say when: then it holds as long as what it replaces.
 */
const ever = 0
const max = 8_640_000_000_000_000

const attributes = [
  'district',
  'application',
  'carrier',
  'point_type',
  'project',
  'zone',
  'kind',
  'stage',
  'maintainer',
]
const kept = [...attributes, 'pole', 'feed'].join(', ')

const valuesOf = (row: string) => `${row}.district, ${row}.application, ${row}.carrier, ${row}.point_type,
    coalesce(${row}.project, ''), coalesce(${row}.zone, ''), ${row}.kind, ${row}.stage, coalesce(${row}.record ->> '$.maintainer', ''),
    ${row}.pole, ${row}.feed`

/** The due time of a row within `[from, to)`: two columns, both null where there is none. */
function dueIn(row: string, from: string, to: string): string {
  const begin = `max(${row}.in_service_from, ${from})`
  const end = `min(coalesce(${row}.in_service_to, ${max}), coalesce(${to}, ${max}))`
  return `CASE WHEN ${begin} < ${end} THEN ${begin} END, CASE WHEN ${begin} < ${end} THEN nullif(${end}, ${max}) END`
}

/** What of the due time lies ahead: of it alone a plain change speaks. */
const ahead = (row: string) => {
  const [begin, end] = [`coalesce(${row}.in_service_from, ${max})`, `coalesce(${row}.in_service_to, ${max})`]
  const since = 'CASE WHEN NEW.updated_at IS OLD.updated_at THEN 0 ELSE NEW.updated_at END'
  return `max(${begin}, ${since}), max(${end}, ${since})`
}

const said = 'SELECT device, said_at, from_at FROM device_statement WHERE device = NEW.id ORDER BY said_at DESC LIMIT 1'
const nextSaying = (row: string) =>
  `max(${row}.updated_at, 1 + coalesce((SELECT max(said_at) FROM device_statement WHERE device = ${row}.id), -1))`
const open = 'superseded_at IS NULL AND valid_to IS NULL'

export const tenure = `
CREATE TABLE device_tenure (
  device TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  said_at INTEGER NOT NULL,
  valid_to INTEGER,
  superseded_at INTEGER,
  district TEXT NOT NULL,
  application TEXT NOT NULL,
  carrier TEXT NOT NULL,
  point_type TEXT NOT NULL,
  project TEXT NOT NULL,
  zone TEXT NOT NULL,
  kind TEXT NOT NULL,
  stage TEXT NOT NULL,
  maintainer TEXT NOT NULL,
  pole TEXT,
  feed TEXT,
  in_service_from INTEGER,
  in_service_to INTEGER,
  PRIMARY KEY (device, valid_from, said_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE device_statement (
  device TEXT NOT NULL,
  said_at INTEGER NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER,
  adjustment TEXT,
  seeded INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (device, said_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE device_record_past (
  device TEXT NOT NULL,
  until_at INTEGER NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (device, until_at)
) STRICT, WITHOUT ROWID;

INSERT INTO device_statement (device, said_at, from_at, to_at, seeded)
  SELECT id, updated_at, coalesce(in_service_from, updated_at), NULL, 1 FROM device;
INSERT INTO device_tenure (device, valid_from, said_at, ${kept}, in_service_from, in_service_to)
  SELECT id, ${ever}, updated_at, ${valuesOf('device')}, ${dueIn('device', '0', 'NULL')} FROM device;

CREATE INDEX device_tenure_due ON device_tenure (district, application, carrier, point_type, project, zone, in_service_from,
  in_service_to, device) WHERE superseded_at IS NULL;
CREATE INDEX device_tenure_began ON device_tenure (valid_from, device) WHERE superseded_at IS NULL AND valid_from > 0;
CREATE INDEX device_tenure_pole ON device_tenure (pole) WHERE superseded_at IS NULL AND pole IS NOT NULL;
CREATE INDEX device_tenure_feed ON device_tenure (feed) WHERE superseded_at IS NULL AND feed IS NOT NULL;
CREATE INDEX device_statement_order ON device_statement (said_at);

CREATE TRIGGER device_tenure_begun AFTER INSERT ON device
BEGIN
  INSERT INTO device_statement (device, said_at, from_at)
    VALUES (NEW.id, ${nextSaying('NEW')}, coalesce(NEW.in_service_from, NEW.updated_at));
  UPDATE device_tenure SET superseded_at = (SELECT said_at FROM (${said})) WHERE device = NEW.id AND superseded_at IS NULL;
  INSERT INTO device_tenure (device, valid_from, said_at, ${kept}, in_service_from, in_service_to)
    SELECT NEW.id, ${ever}, said_at, ${valuesOf('NEW')}, ${dueIn('NEW', '0', 'NULL')} FROM (${said});
END;

CREATE TRIGGER device_tenure_changed
AFTER UPDATE OF district, application, carrier, point_type, project, kind, stage, record, in_service_from, in_service_to ON device
WHEN (${valuesOf('NEW')}, ${ahead('NEW')}) IS NOT (${valuesOf('OLD')}, ${ahead('OLD')})
BEGIN
  INSERT INTO device_statement (device, said_at, from_at)
    SELECT NEW.id, ${nextSaying('NEW')},
      CASE WHEN NEW.updated_at IS OLD.updated_at THEN valid_from ELSE max(NEW.updated_at, valid_from) END
    FROM device_tenure WHERE device = NEW.id AND ${open};
  INSERT INTO device_tenure (device, valid_from, said_at, valid_to, ${kept}, in_service_from, in_service_to)
    SELECT t.device, t.valid_from, s.said_at, s.from_at, ${kept}, ${dueIn('t', 't.valid_from', 's.from_at')}
    FROM device_tenure t JOIN (${said}) s ON s.device = t.device WHERE t.valid_from < s.from_at AND ${open};
  INSERT INTO device_tenure (device, valid_from, said_at, ${kept}, in_service_from, in_service_to)
    SELECT NEW.id, from_at, said_at, ${valuesOf('NEW')}, ${dueIn('NEW', 'from_at', 'NULL')} FROM (${said});
  UPDATE device_tenure SET superseded_at = (SELECT said_at FROM (${said}))
    WHERE device = NEW.id AND ${open} AND said_at < (SELECT said_at FROM (${said}));
END;

CREATE TRIGGER device_tenure_gone AFTER DELETE ON device
BEGIN
  INSERT INTO device_statement (device, said_at, from_at) VALUES (OLD.id, ${nextSaying('OLD')}, ${ever});
  UPDATE device_tenure SET superseded_at = (SELECT max(said_at) FROM device_statement WHERE device = OLD.id)
    WHERE device = OLD.id AND superseded_at IS NULL;
END;

CREATE TRIGGER device_record_changed AFTER UPDATE OF record ON device WHEN NEW.record IS NOT OLD.record
BEGIN
  INSERT INTO device_record_past VALUES (OLD.id, NEW.updated_at, OLD.record) ON CONFLICT DO NOTHING;
END;
`
