/**
 * What makes the rollups follow the registry: whoever changes a device, the change itself names what must be derived again, in its own
 * transaction. `uptime_moved` keeps the attributes under which a device's days are still summed.
 */
const max = 8_640_000_000_000_000

const widen = `ON CONFLICT (consumer, device) DO UPDATE SET
    from_at = min(from_at, excluded.from_at), to_at = max(to_at, excluded.to_at);`

const attributes = (row: string) =>
  `${row}.district, ${row}.application, ${row}.carrier, ${row}.point_type, coalesce(${row}.project, ''), coalesce(${row}.zone, '')`

const adjustmentsChanged = `INSERT INTO meta (key, value) VALUES ('adjustments:version', '1')
  ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT);`

export const uptimeKeptRight = `
CREATE INDEX device_due ON device (district, application, carrier, point_type, project, zone, in_service_from, in_service_to, id);
CREATE INDEX device_pole ON device (pole) WHERE pole IS NOT NULL;
CREATE INDEX device_feed ON device (feed) WHERE feed IS NOT NULL;

CREATE TABLE uptime_moved (
  device TEXT PRIMARY KEY,
  district TEXT NOT NULL,
  application TEXT NOT NULL,
  carrier TEXT NOT NULL,
  point_type TEXT NOT NULL,
  project TEXT NOT NULL,
  zone TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER uptime_device_entered AFTER INSERT ON device WHEN NEW.in_service_from IS NOT NULL
BEGIN
  INSERT INTO uptime_dirty (device, consumer, from_at, to_at)
  VALUES (NEW.id, 'days', NEW.in_service_from, coalesce(NEW.in_service_to, ${max})) ${widen}
END;

CREATE TRIGGER uptime_device_due AFTER UPDATE OF in_service_from, in_service_to ON device
WHEN NEW.in_service_from IS NOT OLD.in_service_from OR NEW.in_service_to IS NOT OLD.in_service_to
BEGIN
  INSERT INTO uptime_dirty (device, consumer, from_at, to_at)
  VALUES (NEW.id, 'days', CASE WHEN NEW.in_service_from IS OLD.in_service_from
      THEN min(coalesce(OLD.in_service_to, ${max}), coalesce(NEW.in_service_to, ${max}))
      ELSE min(coalesce(OLD.in_service_from, NEW.in_service_from), coalesce(NEW.in_service_from, OLD.in_service_from)) END, ${max}) ${widen}
END;

CREATE TRIGGER uptime_device_moved AFTER UPDATE OF district, application, carrier, point_type, project, record ON device
WHEN (${attributes('NEW')}) IS NOT (${attributes('OLD')})
BEGIN
  INSERT INTO uptime_moved VALUES (OLD.id, ${attributes('OLD')}) ON CONFLICT (device) DO NOTHING;
END;

CREATE TRIGGER uptime_device_covered AFTER UPDATE OF district, carrier, application, kind, record ON device
WHEN (NEW.district, NEW.carrier, NEW.application, NEW.kind, NEW.pole, NEW.feed)
  IS NOT (OLD.district, OLD.carrier, OLD.application, OLD.kind, OLD.pole, OLD.feed)
BEGIN
  INSERT INTO uptime_dirty (device, consumer, from_at, to_at)
  SELECT NEW.id, consumer, min(from_at), max(to_at)
  FROM adjustment, (SELECT 'days' AS consumer UNION ALL SELECT 'buckets')
  WHERE status = 'approved' GROUP BY consumer ${widen}
END;

CREATE TRIGGER uptime_device_gone AFTER DELETE ON device
BEGIN
  INSERT INTO uptime_moved VALUES (OLD.id, ${attributes('OLD')}) ON CONFLICT (device) DO NOTHING;
  INSERT INTO uptime_dirty (device, consumer, from_at, to_at) VALUES (OLD.id, 'days', 0, ${max}) ${widen}
END;

CREATE TRIGGER adjustment_entered AFTER INSERT ON adjustment BEGIN ${adjustmentsChanged} END;
CREATE TRIGGER adjustment_changed AFTER UPDATE ON adjustment BEGIN ${adjustmentsChanged} END;
CREATE TRIGGER adjustment_gone AFTER DELETE ON adjustment BEGIN ${adjustmentsChanged} END;
`
