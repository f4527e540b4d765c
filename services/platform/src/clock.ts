/** The Clock port: the only way to the time. Rules never use it: time comes to them as an argument. */

export interface Clock {
  /** UTC milliseconds, a whole number. Never goes back while the process lives. */
  now(): number
  /** Calls once after `ms`; the returned function cancels. */
  after(ms: number, run: () => void): () => void
  /** Calls every `ms`; the returned function cancels. */
  every(ms: number, run: () => void): () => void
}
