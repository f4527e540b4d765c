/**
 * A user can be disabled, and be given a password that must be changed. `unlocked_at`: failed tries before it no longer count; it lies in the
 * record because each process that answers logins keeps tries of its own.
 */
export const accounts = `
ALTER TABLE user ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user ADD COLUMN unlocked_at INTEGER;
`
