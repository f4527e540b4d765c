/** When the last ground ended on which a failure was expected: holding and telling count from then. */
export const countsFrom = `
ALTER TABLE outage ADD COLUMN counts_from INTEGER;
ALTER TABLE outage_member ADD COLUMN counts_from INTEGER;
`
