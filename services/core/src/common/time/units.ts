/** Lengths of time in milliseconds, the unit of every instant and duration here. */
export const secondMs = 1_000
export const minuteMs = 60 * secondMs
export const hourMs = 60 * minuteMs
/** Of the city too: it keeps no summer time. */
export const dayMs = 24 * hourMs
