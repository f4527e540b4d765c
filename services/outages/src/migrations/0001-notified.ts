/** That somebody was told of an outage is in the notification log of the room that tells. */
export const notified = `ALTER TABLE outage DROP COLUMN notified_at`
