/** The table that notes which devices have changed is called what its view is called; its index and its triggers with it. */
const noted = [
  'district',
  'kind',
  'carrier',
  'application',
  'point_type',
  'project',
  'stage',
  'longitude',
  'latitude',
  'record',
  'in_service_from',
  'in_service_to',
]
const all = (row: string) => `(${noted.map((column) => `${row}.${column}`).join(', ')})`

const note = (row: string) => `INSERT INTO device_change (device, revision)
  VALUES (${row}.id, (SELECT coalesce(max(revision), 0) + 1 FROM device_change))
  ON CONFLICT (device) DO UPDATE SET revision = excluded.revision;`

export const deviceChange = `
DROP TRIGGER device_revision_entered;
DROP TRIGGER device_revision_changed;
DROP TRIGGER device_revision_gone;
DROP INDEX device_revision_order;
ALTER TABLE device_revision RENAME TO device_change;
CREATE INDEX device_change_order ON device_change (revision);

CREATE TRIGGER device_entered AFTER INSERT ON device BEGIN ${note('NEW')} END;
CREATE TRIGGER device_changed AFTER UPDATE OF ${noted.join(', ')} ON device
WHEN ${all('NEW')} IS NOT ${all('OLD')}
BEGIN ${note('NEW')} END;
CREATE TRIGGER device_gone AFTER DELETE ON device BEGIN ${note('OLD')} END;
`
