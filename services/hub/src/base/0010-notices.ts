/**
 * What kind of notice waits, and what each recipient has been told of an outage already. A row that is put in the queue without a kind
 * is a test.
 */
export const notices = `
ALTER TABLE notice ADD COLUMN kind TEXT NOT NULL DEFAULT 'test';
ALTER TABLE notice ADD COLUMN facts TEXT NOT NULL DEFAULT '[]';
CREATE INDEX notice_channel ON notice (channel, sent_at);

CREATE TABLE outage_told (
  outage TEXT NOT NULL,
  channel TEXT NOT NULL,
  at INTEGER NOT NULL,
  how TEXT NOT NULL,
  cause_kind TEXT NOT NULL,
  members INTEGER NOT NULL,
  importance TEXT NOT NULL,
  further INTEGER NOT NULL,
  escalated INTEGER NOT NULL,
  healed INTEGER NOT NULL,
  rounds INTEGER NOT NULL,
  PRIMARY KEY (outage, channel)
) STRICT, WITHOUT ROWID;
CREATE INDEX outage_told_healing ON outage_told (outage) WHERE healed = 0;
`
