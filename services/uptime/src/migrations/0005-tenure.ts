/**
 * Figures follow the dated record. What is said of a device's past is in `device_statement` of the registry: a trigger on it names what must
 * be derived again, in the transaction of the saying (the exception that `0001-pending-marks` speaks of; the triggers on `device` go, but for that of a new one). A
 * plain change speaks of no day that is over, and marks nothing.
 *
 * `uptime_moved` keeps since which saying the sums of a device are not of its tenures; `uptime_part` what a day is made of that lies under
 * several sets of attributes. What still waited to be moved is moved here, by the whole past as it was to be,
 * and its blank days are rows again until they are derived.
 */
const max = 8_640_000_000_000_000
const widen = `ON CONFLICT (consumer, device) DO UPDATE SET
    from_at = min(from_at, excluded.from_at), to_at = max(to_at, excluded.to_at), marks = marks + 1;`

const attributes = 'district, application, carrier, point_type, project, zone'
const times = ['up_ms', 'down_ms', 'unknown_ms', 'exempt_ms']
const parts =
  'district TEXT NOT NULL, application TEXT NOT NULL, carrier TEXT NOT NULL, point_type TEXT NOT NULL, project TEXT NOT NULL, zone TEXT NOT NULL'

/** Days of a month of a device: as many as it has rows of. */
const daysOfMonth = `(SELECT count(*) FROM uptime_day one WHERE one.device = d.device AND one.day > 0
    AND -(12 * CAST(strftime('%Y', one.day * 86400, 'unixepoch') AS INTEGER) + CAST(strftime('%m', one.day * 86400, 'unixepoch') AS INTEGER) - 1) = d.day)`

/** Adds (`+`) or takes (`-`) the rows of devices that wait, under the attributes that `from` has. */
const settle = (table: string, columns: string, sign: '+' | '-', from: string) => `
INSERT INTO ${table} (period, ${columns}, devices, ${times.join(', ')})
  SELECT d.day, ${columns}, ${sign}sum(CASE WHEN d.day > 0 THEN 1 ELSE ${daysOfMonth} END), ${times.map((t) => `${sign}sum(d.${t})`).join(', ')}
  FROM uptime_day d JOIN ${from} w ON w.device = d.device WHERE d.device IN (SELECT device FROM uptime_moved) GROUP BY d.day, ${columns}
  ON CONFLICT DO UPDATE SET ${['devices', ...times].map((c) => `${c} = ${c} + excluded.${c}`).join(', ')};`
const now = `(SELECT device, ${attributes} FROM device_tenure WHERE superseded_at IS NULL)`

export const tenure = `
WITH RECURSIVE blank (device, day, last) AS (
  SELECT device, first, last FROM uptime_blank WHERE device IN (SELECT device FROM uptime_moved)
  UNION ALL SELECT device, day + 1, last FROM blank WHERE day + 1 < last
) INSERT INTO uptime_day SELECT device, day, 0, 0, 86400000, 0 FROM blank;
DELETE FROM uptime_blank WHERE device IN (SELECT device FROM uptime_moved);
${settle('uptime_sum', attributes, '-', 'uptime_moved')}
${settle('uptime_sum', attributes, '+', now)}
${settle('uptime_district', 'district', '-', 'uptime_moved')}
${settle('uptime_district', 'district', '+', now)}
DELETE FROM uptime_sum WHERE devices = 0;
DELETE FROM uptime_district WHERE devices = 0;
DELETE FROM uptime_day WHERE device IN (SELECT device FROM uptime_moved)
  AND device NOT IN (SELECT device FROM device_tenure WHERE superseded_at IS NULL);

DROP TABLE uptime_moved;
CREATE TABLE uptime_moved (device TEXT PRIMARY KEY, said_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE uptime_part (
  device TEXT NOT NULL, day INTEGER NOT NULL, ${parts},
  up_ms INTEGER NOT NULL, down_ms INTEGER NOT NULL, unknown_ms INTEGER NOT NULL, exempt_ms INTEGER NOT NULL,
  PRIMARY KEY (device, day, ${attributes})
) STRICT, WITHOUT ROWID;

DROP TRIGGER uptime_device_due;
DROP TRIGGER uptime_device_moved;
DROP TRIGGER uptime_device_covered;
DROP TRIGGER uptime_device_gone;

CREATE TRIGGER uptime_stated AFTER INSERT ON device_statement
WHEN EXISTS (SELECT 1 FROM device_statement WHERE device = NEW.device AND said_at < NEW.said_at) AND NEW.from_at < (SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM setting
  WHERE room = 'uptime' AND key IN ('tracked', 'buckets:written', 'buckets:frontier'))
BEGIN
  INSERT INTO uptime_moved VALUES (NEW.device, NEW.said_at) ON CONFLICT (device) DO NOTHING;
  INSERT INTO uptime_dirty (device, consumer, from_at, to_at, marks)
    SELECT NEW.device, consumer, NEW.from_at, coalesce(NEW.to_at, ${max}), 1
    FROM (SELECT 'days' AS consumer UNION ALL SELECT 'buckets') WHERE true ${widen}
END;
`
