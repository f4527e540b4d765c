/** What is chosen on the board of outages or of work orders, as the address has it. */
import { address, go } from '../../router/router.svelte.ts'
import { type BoardQuery, formatBoard, parseBoard, wholeBoard } from './query.ts'

const query = $derived(parseBoard(address().query))

export const boardQuery = (): BoardQuery => query

/** What is adjusted replaces the address; the drawer stays. */
export const narrow = (change: Partial<BoardQuery>): void =>
  go({ query: formatBoard({ ...boardQuery(), ...change }) }, 'replace')

/** All that is current, in all districts. */
export const widen = (): void => go({ district: null, query: formatBoard(wholeBoard) }, 'replace')
