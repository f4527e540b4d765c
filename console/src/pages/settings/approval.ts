/** Which discovered devices may be approved together. */
import type { DeviceId, DiscoveredRow } from '@hub/contracts'

export type ApprovalItem = { endpoint: string; device?: DeviceId; confirm?: string }

/** The list it belongs in: an approved device that has moved waits again. */
export const shownAs = ({ status, moved }: DiscoveredRow): DiscoveredRow['status'] => (moved ? 'waiting' : status)

/** Nothing is wrong with it, and a record waits for it or is its own. Everything else needs an operator's eye. */
export const isPlain = (row: DiscoveredRow): boolean =>
  shownAs(row) === 'waiting' && row.quarantine === 'new' && row.matches !== null

export const bulkOf = (rows: readonly DiscoveredRow[], chosen: ReadonlySet<string>): ApprovalItem[] =>
  rows.filter((row) => chosen.has(row.endpoint) && isPlain(row)).map(({ endpoint }) => ({ endpoint }))
