/** The order of the list, as part of its address. Pure. */
import type { Query } from '../../router/address.ts'

/** Problems before health, or by code. */
export const parseProblemsFirst = (query: URLSearchParams): boolean => query.get('order') !== 'code'
export const formatProblemsFirst = (problemsFirst: boolean): Query => ({ order: problemsFirst ? null : 'code' })
