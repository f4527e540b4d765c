/**
 * What each gateway has to watch, as it was last worked out: a row for each device, and for each that was taken away until its gateway knows.
 * `version` is the version of the gateway's assignment with which the row changed, so that what has changed since another one is
 * read by its index. `registry_cursor`: how far the changes of the registry have been followed. The digest is null until the rows of a gateway have been worked out for the first time.
 */
export const assignedDevice = `
CREATE TABLE assigned_device (
  gateway TEXT NOT NULL,
  device TEXT NOT NULL,
  version INTEGER NOT NULL,
  assigned TEXT,
  PRIMARY KEY (gateway, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX assigned_device_version ON assigned_device (gateway, version);
CREATE INDEX assigned_device_device ON assigned_device (device);
CREATE INDEX assigned_device_dropped ON assigned_device (gateway, version) WHERE assigned IS NULL;
CREATE TABLE registry_cursor (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL) STRICT;
ALTER TABLE gateway ADD COLUMN assignment_digest TEXT;
ALTER TABLE gateway ADD COLUMN assignment_pruned INTEGER NOT NULL DEFAULT 0;
`
