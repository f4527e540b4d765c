/** Devices that were not up all of a day: few, so that a part of a day is answered without reading the rest. */
export const marredDays = `
CREATE INDEX uptime_day_marred ON uptime_day (day) WHERE day > 0 AND up_ms <> 86400000;
`
