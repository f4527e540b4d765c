/** When a gateway last said that nothing waits in its spool: all that it had seen by then is at the centre. */
export const drainedAt = 'ALTER TABLE gateway ADD COLUMN drained_at INTEGER;'
