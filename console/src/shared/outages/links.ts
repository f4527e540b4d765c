/** Addresses of outages and work orders. */
import { hrefOf } from '../../router/router.svelte.ts'

export const outageHref = (id: string): string => hrefOf({ page: 'outages', below: id })
export const orderHref = (id: string): string => hrefOf({ page: 'orders', below: id })
