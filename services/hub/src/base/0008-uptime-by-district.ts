/** Sums by district alone, the question that is asked most: twelve rows a day where `uptime_sum` has thousands. */
export const uptimeByDistrict = `
CREATE TABLE uptime_district (
  period INTEGER NOT NULL,
  district TEXT NOT NULL,
  devices INTEGER NOT NULL,
  up_ms INTEGER NOT NULL,
  down_ms INTEGER NOT NULL,
  unknown_ms INTEGER NOT NULL,
  exempt_ms INTEGER NOT NULL,
  PRIMARY KEY (period, district)
) STRICT, WITHOUT ROWID;
INSERT INTO uptime_district
  SELECT period, district, sum(devices), sum(up_ms), sum(down_ms), sum(unknown_ms), sum(exempt_ms) FROM uptime_sum GROUP BY period, district;
`
