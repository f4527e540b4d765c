/** A list of the rollout as CSV, in the way of the record's export. */
import type { RolloutRow } from '@hub/contracts'
import { plainText, textCell } from '@hub/core'
import { stringify } from 'csv-stringify/sync'

const columns: readonly [name: string, of: (row: RolloutRow) => unknown][] = [
  ['DeviceID', ({ device }) => device?.id],
  ['Name', ({ device }) => device?.name],
  ['CivilCode', ({ device }) => device?.district],
  ['Carrier', ({ device }) => device?.carrier],
  ['Stage', ({ device }) => device?.stage],
  ['IPAddress', ({ device }) => device?.ipAddress],
  ['MatchedBy', ({ by }) => by],
  ['Unmatched', ({ unmatched }) => unmatched?.reason],
  ['Candidates', ({ unmatched }) => unmatched?.candidates.join(' ')],
  ['Endpoint', ({ found }) => found?.endpoint],
  ['FoundAddress', ({ found }) => found?.address],
  ['FoundName', ({ found }) => found?.name],
  ['Hardware', ({ found }) => found?.hardware],
  ['Quarantine', ({ found }) => found?.quarantine],
  ['Gateway', ({ found }) => found?.gateway],
  ['SeenAt', ({ found }) => found && new Date(found.seenAt).toISOString()],
]

export function rolloutCsv(rows: readonly RolloutRow[]): string {
  const cells = rows.map((row) => columns.map(([, of]) => textCell(plainText(String(of(row) ?? '')))))
  return `\uFEFF${stringify([columns.map(([name]) => name), ...cells], { record_delimiter: 'windows' })}`
}
