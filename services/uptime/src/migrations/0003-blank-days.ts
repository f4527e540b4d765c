/**
 * Days of which nothing is known from midnight to midnight have no rows any more, but stretches: a camera that is put on record today and
 * was in service since 2019 made 2,500 rows. Rows of before stay; the sums and months are as they were.
 */
export const blankDays = `
CREATE TABLE uptime_blank (
  device TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (device, first)
) STRICT, WITHOUT ROWID;
`
