/** Tables of emergency: this room alone reads and writes them. Times are UTC milliseconds. */

/** Each part's tables are beside it. */
export type EmergencyTables = Record<never, never>
