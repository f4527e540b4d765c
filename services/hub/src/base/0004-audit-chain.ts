/** A hash for each line of the audit, over the line and the hash before: a line that is edited, taken out or cut off is missed. */
export const auditChain = `
CREATE TABLE audit_link (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_link_no_update BEFORE UPDATE ON audit_link
  BEGIN SELECT raise(ABORT, 'the chain of the audit is append-only'); END;
`
