/**
 * An adjustment may say what the record was (`change`, of kind `record`; it has no `count_as` then: ''), and has evidence. `adjustment_step`
 * keeps every decision with its time, so that it can be told what held at an instant. Of those that were withdrawn before, only the
 * withdrawal is known (`unsure`): they may have held.
 */
export const recordChange = `
ALTER TABLE adjustment ADD COLUMN change TEXT;
ALTER TABLE adjustment ADD COLUMN evidence TEXT;
CREATE TABLE adjustment_step (
  adjustment TEXT NOT NULL,
  at INTEGER NOT NULL,
  status TEXT NOT NULL,
  unsure INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (adjustment, at, status)
) STRICT, WITHOUT ROWID;
INSERT INTO adjustment_step SELECT id, decided_at, status, status = 'withdrawn' FROM adjustment WHERE decided_at IS NOT NULL;
CREATE TRIGGER adjustment_stepped AFTER UPDATE OF status ON adjustment WHEN NEW.status IS NOT OLD.status AND NEW.decided_at IS NOT NULL
BEGIN
  INSERT INTO adjustment_step (adjustment, at, status) VALUES (NEW.id, NEW.decided_at, NEW.status) ON CONFLICT DO NOTHING;
END;
`
