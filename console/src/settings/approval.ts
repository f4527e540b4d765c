/** Which discovered devices may be approved together. */
import type { DeviceId, DiscoveredRow } from '@hub/contracts'

export type ApprovalItem = { endpoint: string; device?: DeviceId; confirm?: string }

/** Nothing is wrong with it, and a record waits for it. Everything else needs an operator's eye. */
export const isPlain = (row: DiscoveredRow): boolean =>
  row.status === 'waiting' && row.quarantine === 'new' && row.matches !== null

export const bulkOf = (rows: readonly DiscoveredRow[], chosen: ReadonlySet<string>): ApprovalItem[] =>
  rows.filter((row) => chosen.has(row.endpoint) && isPlain(row)).map(({ endpoint }) => ({ endpoint }))
