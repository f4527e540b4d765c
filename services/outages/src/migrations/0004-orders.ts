/** What became of the work orders when the outage was closed stands in the line of its life. */
export const orders = `
ALTER TABLE outage_step ADD COLUMN orders TEXT;
`
