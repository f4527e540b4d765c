/** Months beside the days of each device: a month of the whole city is a row for each device, not thirty. */
export const uptimeMonths = `
INSERT INTO uptime_day
  SELECT device, -(12 * CAST(strftime('%Y', day * 86400, 'unixepoch') AS INTEGER) + CAST(strftime('%m', day * 86400, 'unixepoch') AS INTEGER) - 1),
    sum(up_ms), sum(down_ms), sum(unknown_ms), sum(exempt_ms)
  FROM uptime_day GROUP BY 1, 2;
`
