/** What is chosen on a tab of the reports page, as the address has it. */
import { tick } from 'svelte'
import { address, go, hrefOf } from '../../router/router.svelte.ts'
import { formatReports, parseReports, type ReportsQuery, type ReportTab, tabOf } from './query.ts'

const query = $derived(parseReports(address().query))

export const reportTab = (): ReportTab => tabOf(address().below)
export const reports = (): ReportsQuery => query

/** The same tab with something else chosen. */
export const reportHref = (change: Partial<ReportsQuery>): string =>
  hrefOf({ page: 'reports', below: reportTab(), query: formatReports({ ...reports(), ...change }) })

export const choose = (change: Partial<ReportsQuery>, how: 'push' | 'replace' = 'push'): void =>
  go({ query: formatReports({ ...reports(), ...change }) }, how)

/** The link of a row in its list. */
export const rowLink = (row: string): string => `row-${row}`

/** Shuts what is open; the keyboard goes back to its row. */
export async function closeRow(row: string): Promise<void> {
  choose({ row: null })
  await tick()
  document.getElementById(rowLink(row))?.focus()
}
