/** Addresses within a tab of the reports page. */
import { tick } from 'svelte'
import { go, hrefOf, view } from '../router/router.svelte.ts'
import type { ReportsQuery } from './query.ts'

/** The same tab with something else chosen. */
export const reportHref = (change: Partial<ReportsQuery>): string =>
  hrefOf({ page: 'reports', tab: view().tab, reports: { ...view().reports, ...change } })

export const choose = (change: Partial<ReportsQuery>, how: 'push' | 'replace' = 'push'): void =>
  go({ reports: { ...view().reports, ...change } }, how)

/** The link of a row in its list. */
export const rowLink = (row: string): string => `row-${row}`

/** Shuts what is open; the keyboard goes back to its row. */
export async function closeRow(row: string): Promise<void> {
  choose({ row: null })
  await tick()
  document.getElementById(rowLink(row))?.focus()
}
