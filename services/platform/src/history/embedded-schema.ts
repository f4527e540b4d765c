/**
 * Tables of the embedded History. Devices and sets of attributes are numbers in the big tables. Sums by attributes are kept beside
 * the buckets by triggers, so that a trend never reads every device.
 */
import { stepMs } from './steps.ts'

const times =
  'up_ms INTEGER NOT NULL, down_ms INTEGER NOT NULL, unknown_ms INTEGER NOT NULL, exempt_ms INTEGER NOT NULL'
const columns = ['up_ms', 'down_ms', 'unknown_ms', 'exempt_ms']
const change = (sign: '+' | '-', row: 'new' | 'old') => columns.map((c) => `${c} = ${c} ${sign} ${row}.${c}`).join(', ')
const values = columns.map((column) => `new.${column}`).join(', ')

const uptime = (step: string) => `
CREATE TABLE IF NOT EXISTS uptime_${step} (
  device INTEGER NOT NULL, at INTEGER NOT NULL, series INTEGER NOT NULL, ${times},
  PRIMARY KEY (device, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sum_${step} (
  at INTEGER NOT NULL, series INTEGER NOT NULL, ${times},
  PRIMARY KEY (at, series)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS uptime_${step}_in AFTER INSERT ON uptime_${step} BEGIN
  INSERT INTO sum_${step} VALUES (new.at, new.series, ${values}) ON CONFLICT DO UPDATE SET ${change('+', 'new')};
END;
CREATE TRIGGER IF NOT EXISTS uptime_${step}_out AFTER DELETE ON uptime_${step} BEGIN
  UPDATE sum_${step} SET ${change('-', 'old')} WHERE (at, series) = (old.at, old.series);
END;
`
const probe = (step: string) => `
CREATE TABLE IF NOT EXISTS probe_${step} (
  device INTEGER NOT NULL, at INTEGER NOT NULL, series INTEGER NOT NULL,
  probes INTEGER NOT NULL, p50_ms REAL, p95_ms REAL, clock_offset_ms REAL,
  PRIMARY KEY (device, at)
) STRICT, WITHOUT ROWID;
`

export const schema = `
CREATE TABLE IF NOT EXISTS device (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE IF NOT EXISTS series (
  key INTEGER PRIMARY KEY, district TEXT NOT NULL, application TEXT NOT NULL, carrier TEXT NOT NULL,
  UNIQUE (district, application, carrier)
) STRICT;
${Object.keys(stepMs).map(uptime).join('')}
${['5m', '1h'].map(probe).join('')}
CREATE TABLE IF NOT EXISTS telemetry (
  device TEXT NOT NULL, measure TEXT NOT NULL, at INTEGER NOT NULL, district TEXT NOT NULL, value REAL NOT NULL,
  PRIMARY KEY (device, measure, at)
) STRICT, WITHOUT ROWID;
`
