/** An instant as people of the city write it, to the minute. */
export const clockTime = (at: number): string =>
  `${new Date(at + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')} (UTC+8)`

/** Start of a calendar day of the city, UTC milliseconds. */
export const dayAt = (date: string): number => Date.parse(`${date}T00:00:00+08:00`)
