/** Rules by which states and scores are judged, each version from when it holds. A version that was judged by is never another one. */
export const judgingRules = `
CREATE TABLE judging_rules (
  from_at INTEGER PRIMARY KEY,
  rules TEXT NOT NULL
) STRICT;
CREATE TRIGGER judging_rules_no_update BEFORE UPDATE ON judging_rules
BEGIN SELECT raise(ABORT, 'rules that were judged by are immutable'); END;
CREATE TRIGGER judging_rules_no_delete BEFORE DELETE ON judging_rules
BEGIN SELECT raise(ABORT, 'rules that were judged by are immutable'); END;
CREATE TRIGGER judging_rules_in_order BEFORE INSERT ON judging_rules
WHEN EXISTS (SELECT 1 FROM judging_rules WHERE from_at >= NEW.from_at)
BEGIN SELECT raise(ABORT, 'rules hold from now on, not from before'); END;
`
