/**
 * A locked scorecard stays as it was locked, whoever writes to the file: the database itself refuses. The trigger on INSERT is
 * for `INSERT OR REPLACE`, which deletes without asking the trigger on DELETE (sqlite.org/lang_conflict, REPLACE).
 */
export const scorecardLock = `
CREATE TRIGGER scorecard_locked_no_update BEFORE UPDATE ON scorecard WHEN OLD.status = 'locked'
BEGIN SELECT raise(ABORT, 'a locked scorecard is immutable'); END;
CREATE TRIGGER scorecard_locked_no_delete BEFORE DELETE ON scorecard WHEN OLD.status = 'locked'
BEGIN SELECT raise(ABORT, 'a locked scorecard is immutable'); END;
CREATE TRIGGER scorecard_locked_no_replace BEFORE INSERT ON scorecard WHEN EXISTS (
  SELECT 1 FROM scorecard AS old WHERE old.status = 'locked' AND (old.id = NEW.id OR (old.month = NEW.month
  AND old.subject_kind = NEW.subject_kind AND old.subject = NEW.subject AND old.version = NEW.version)))
BEGIN SELECT raise(ABORT, 'a locked scorecard is immutable'); END;
CREATE TRIGGER scorecard_locked_with_hash BEFORE UPDATE ON scorecard WHEN NEW.status = 'locked' AND NEW.hash IS NULL
BEGIN SELECT raise(ABORT, 'a scorecard is locked with its hash'); END;
`
