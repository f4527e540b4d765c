/**
 * Which devices have changed since somebody looked, in the order of their changes: whoever writes a device, the change itself notes it,
 * in its own transaction. Approval and identity change no figure and are left out; pole and feed follow from the record.
 */
const columns = [
  'district',
  'kind',
  'carrier',
  'application',
  'point_type',
  'project',
  'stage',
  'longitude',
  'latitude',
]
const noted = [...columns, 'record', 'in_service_from', 'in_service_to']
const all = (row: string) => `(${noted.map((column) => `${row}.${column}`).join(', ')})`

const note = (row: string) => `INSERT INTO device_revision (device, revision)
  VALUES (${row}.id, (SELECT coalesce(max(revision), 0) + 1 FROM device_revision))
  ON CONFLICT (device) DO UPDATE SET revision = excluded.revision;`

export const deviceRevisions = `
CREATE TABLE device_revision (
  device TEXT PRIMARY KEY,
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX device_revision_order ON device_revision (revision);
INSERT INTO device_revision SELECT id, 1 FROM device;

CREATE TRIGGER device_revision_entered AFTER INSERT ON device BEGIN ${note('NEW')} END;
CREATE TRIGGER device_revision_changed AFTER UPDATE OF ${noted.join(', ')} ON device
WHEN ${all('NEW')} IS NOT ${all('OLD')}
BEGIN ${note('NEW')} END;
CREATE TRIGGER device_revision_gone AFTER DELETE ON device BEGIN ${note('OLD')} END;
`
