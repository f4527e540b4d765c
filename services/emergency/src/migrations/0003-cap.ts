/** CAP messages: what was published of an incident, and what was taken in; each of a sender once. */
export const cap = `
CREATE TABLE cap_message (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, incident TEXT NOT NULL REFERENCES incident (id), direction TEXT NOT NULL,
  key TEXT UNIQUE, sender TEXT NOT NULL, identifier TEXT NOT NULL, sent TEXT NOT NULL, sent_at INTEGER NOT NULL, msg_type TEXT NOT NULL,
  exercise INTEGER NOT NULL, headline TEXT NOT NULL, warning TEXT, refs TEXT NOT NULL, doubtful TEXT NOT NULL, document TEXT NOT NULL,
  at INTEGER NOT NULL, by TEXT NOT NULL, UNIQUE (sender, identifier, sent)
) STRICT;
CREATE INDEX cap_message_of ON cap_message (incident, seq);
`
