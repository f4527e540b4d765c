/** How far the hub itself is behind with its data, as the stream last said. */
import type { StreamEvent } from '@hub/contracts'

type Said = Extract<StreamEvent, { event: 'lag' }>['data']
export type HeardLag = Said & {
  /** By this browser's clock. */
  heardAt: number
}
export type Lag = {
  behindMs: number
  cause: NonNullable<Said['cause']>
  /** Less than this is on its way anyhow: the hub waits a little before it says that it has caught up. */
  catchingUp: boolean
}

/** While it is behind the hub says so every two seconds: what is not said again is over, or the stream itself is. */
const saidForMs = 15_000
const onItsWayMs = 3_000

/** Null: it is not behind. Between two words the data grows older. */
export function lagNow(heard: HeardLag | null, now: number): Lag | null {
  if (!heard || heard.since === null || heard.cause === null || now - heard.heardAt > saidForMs) return null
  const catchingUp = heard.behindMs < onItsWayMs
  return { behindMs: heard.behindMs + Math.max(0, now - heard.heardAt), cause: heard.cause, catchingUp }
}
