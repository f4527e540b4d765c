/** A change of what covers a device marks its buckets once more, as every other mark does: whoever is deriving them must see it. */
export const coveredMarks = `
DROP TRIGGER uptime_device_covered;
CREATE TRIGGER uptime_device_covered AFTER UPDATE OF district, carrier, application, kind, record ON device
WHEN (NEW.district, NEW.carrier, NEW.application, NEW.kind, NEW.pole, NEW.feed)
  IS NOT (OLD.district, OLD.carrier, OLD.application, OLD.kind, OLD.pole, OLD.feed)
BEGIN
  INSERT INTO uptime_dirty (device, consumer, from_at, to_at, marks)
  SELECT NEW.id, consumer, min(from_at), max(to_at), 1
  FROM adjustment, (SELECT 'days' AS consumer UNION ALL SELECT 'buckets')
  WHERE status = 'approved' GROUP BY consumer
  ON CONFLICT (consumer, device) DO UPDATE SET
    from_at = min(from_at, excluded.from_at), to_at = max(to_at, excluded.to_at), marks = marks + 1;
END;
`
