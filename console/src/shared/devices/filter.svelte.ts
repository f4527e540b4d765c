/** The filter of the list and of the map, as the address has it. */
import { address, go } from '../../router/router.svelte.ts'
import { type DeviceFilter, formatFilter, parseFilter } from './query.ts'

const filter = $derived(parseFilter(address().query))

export const deviceFilter = (): DeviceFilter => filter

/** What is adjusted replaces the address. */
export const narrow = (change: Partial<DeviceFilter>): void =>
  go({ query: formatFilter({ ...deviceFilter(), ...change }) }, 'replace')
