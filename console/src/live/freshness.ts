/** How fresh the figures are. Silence of two heartbeats is stale. */

export const staleAfterMs = 30_000

export type Freshness =
  | { kind: 'connecting' }
  | { kind: 'live'; agoMs: number }
  /** `since`: when the stream was last heard. */
  | { kind: 'stale'; since: number }

/** `heardAt`: when anything last arrived, by this browser's clock; null when nothing has yet. `openedAt`: when the stream was first asked for. */
export function freshness(now: number, openedAt: number, heardAt: number | null): Freshness {
  const last = heardAt ?? openedAt
  if (now - last > staleAfterMs) return { kind: 'stale', since: last }
  return heardAt === null ? { kind: 'connecting' } : { kind: 'live', agoMs: Math.max(0, now - heardAt) }
}
