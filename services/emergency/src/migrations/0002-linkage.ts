/**
 * Linkage rules, what they remember of each subject, their runs and what each run did. An action's row is there, with its key, before it is
 * sent, and its receipt is written after: whatever happens in between, it is asked for again with the same key.
 */
export const linkage = `
CREATE TABLE linkage_rule (
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  draft TEXT NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  latest INTEGER NOT NULL,
  PRIMARY KEY (id, version)
) STRICT;
CREATE TABLE linkage_memory (
  rule TEXT NOT NULL,
  version INTEGER NOT NULL,
  subject TEXT NOT NULL,
  memory TEXT NOT NULL,
  PRIMARY KEY (rule, version, subject)
) STRICT;
CREATE TABLE linkage_run (
  id TEXT NOT NULL PRIMARY KEY,
  rule TEXT NOT NULL,
  version INTEGER NOT NULL,
  rule_name TEXT NOT NULL,
  dry INTEGER NOT NULL,
  incident TEXT,
  district TEXT,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  "trigger" TEXT NOT NULL
) STRICT;
CREATE INDEX linkage_run_by_rule ON linkage_run (rule, at);
CREATE INDEX linkage_run_by_incident ON linkage_run (incident) WHERE incident IS NOT NULL;
CREATE INDEX linkage_run_by_time ON linkage_run (at);
CREATE TABLE linkage_action (
  run TEXT NOT NULL,
  seq INTEGER NOT NULL,
  target TEXT NOT NULL,
  target_name TEXT,
  kind TEXT NOT NULL,
  asked TEXT NOT NULL,
  state TEXT NOT NULL,
  key TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  retries INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  deadline INTEGER NOT NULL,
  reason TEXT,
  result TEXT NOT NULL,
  PRIMARY KEY (run, seq, target)
) STRICT;
CREATE INDEX linkage_action_open ON linkage_action (state, next_at) WHERE state IN ('waiting', 'running');
CREATE INDEX linkage_action_by_key ON linkage_action (key);
CREATE TABLE linkage_count (
  rule TEXT NOT NULL,
  hour INTEGER NOT NULL,
  held INTEGER NOT NULL,
  late INTEGER NOT NULL,
  PRIMARY KEY (rule, hour)
) STRICT;
`
