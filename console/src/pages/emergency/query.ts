/** What the list of incidents shows, as part of its address. Pure. */
import { type IncidentSource, incidentSources } from '@hub/contracts'
import { oneOf, type Query, someOf } from '../../router/address.ts'

export const views = ['open', 'review', 'archived', 'all'] as const
export const drills = ['both', 'no', 'yes'] as const
export const levels = ['1', '2', '3', '4'] as const
export type ListQuery = {
  view: (typeof views)[number]
  level: (typeof levels)[number][]
  source: IncidentSource[]
  drill: (typeof drills)[number]
  search: string
}
export const wholeList: ListQuery = { view: 'open', level: [], source: [], drill: 'both', search: '' }

const longestSearch = 64
/** What stands below `/emergency` is a part of it, or the id of an incident. */
export const parts = ['rules', 'plans', 'statistics'] as const
const idShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
export const incidentOf = (below: string): string | null => (idShape.test(below) ? below : null)

/** What is malformed is left out. */
export const parseList = (query: URLSearchParams): ListQuery => ({
  view: oneOf(query, 'view', views) ?? wholeList.view,
  level: someOf(query, 'level', levels),
  source: someOf(query, 'source', incidentSources),
  drill: oneOf(query, 'drill', drills) ?? wholeList.drill,
  search: (query.get('search') ?? '').slice(0, longestSearch),
})

/** Defaults are left out, so that one view has one address. */
export const formatList = ({ view, level, source, drill, search }: ListQuery): Query => ({
  view: view === wholeList.view ? null : view,
  level,
  source,
  drill: drill === wholeList.drill ? null : drill,
  search: search.trim() || null,
})

/** What the hub is asked. */
export function pathOf(list: ListQuery, district: string | null): string {
  const query = new URLSearchParams({ view: list.view, drill: list.drill, limit: '500' })
  if (district) query.set('district', district)
  for (const level of list.level) query.append('level', level)
  for (const source of list.source) query.append('source', source)
  if (list.search.trim()) query.set('search', list.search.trim())
  return `/incidents?${query}`
}

/** Whether anything but the usual is asked for. */
export const isNarrowed = ({ level, source, drill, search }: ListQuery): boolean =>
  level.length > 0 || source.length > 0 || drill !== 'both' || search.trim() !== ''
