/** Addresses of outages and work orders, and what is chosen on their boards. */
import { go, hrefOf, view } from '../router/router.svelte.ts'
import { noOutages, type OutagesQuery } from './query.ts'

export const outageHref = (id: string): string => hrefOf({ page: 'outages', outages: { ...noOutages, id } })
export const orderHref = (id: string): string => hrefOf({ page: 'orders', outages: { ...noOutages, id } })

/** What is adjusted replaces the address; the drawer stays. */
export const narrow = (change: Partial<OutagesQuery>): void =>
  go({ outages: { ...view().outages, ...change } }, 'replace')
