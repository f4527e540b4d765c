/**
 * What is on the screen, as a URL. Every page has a path; what it shows beyond that is its own part of the query. Two things belong to
 * the whole console and follow from page to page: the district that it is narrowed to, and the device in the drawer. Pure.
 */
import { type DeviceId, type DistrictCode, districtCodes } from '@hub/contracts'
import type { Span } from '@hub/core'

/** The table of pages adds its own paths to this type: the router knows no page, and yet a link to none is a type error. */
// biome-ignore lint/suspicious/noEmptyInterface: filled in by the table of pages.
export interface Register {}
export type PagePath = Register extends { path: infer Path extends string } ? Path : string

/** Where `/` leads. */
export const homePath = 'overview'

export type Address = {
  /** The first segment of the path. */
  page: string
  /** The second segment: a tab, or the id of the one thing that is shown. */
  below: string
  /** The district that the whole console is narrowed to; null is all that the viewer may see. */
  district: DistrictCode | null
  /** The device in the drawer, and the stretch of its time that is looked into. */
  device: DeviceId | null
  span: Span | null
  /** The page's own part of the query. */
  query: URLSearchParams
}

/** What a page says of its part of the query. Null and empty leave a name out: defaults are not written, so that one view has one address. */
export type Query = Readonly<Record<string, string | readonly string[] | null>>
export type Change = {
  page?: PagePath
  below?: string
  district?: DistrictCode | null
  device?: DeviceId | null
  span?: Span | null
  query?: Query
}

/** What belongs to the whole console. */
const scopeNames = ['district', 'device', 'span']

/** What is malformed is left out: a URL typed by hand shows the nearest sensible view. */
export function parseAddress({ pathname, searchParams }: URL): Address {
  const [page = homePath, below = ''] = pathname.split('/').filter(Boolean).map(decoded)
  const device = searchParams.get('device')
  const opened = device && /^\d{20}$/.test(device) ? device : null
  return {
    page,
    below,
    district: oneOf(searchParams, 'district', districtCodes),
    device: opened,
    span: opened ? parseSpan(searchParams.get('span')) : null,
    query: new URLSearchParams([...searchParams].filter(([name]) => !scopeNames.includes(name))),
  }
}

/** A segment that is no text stands for itself: no page and no id is named so. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

function parseSpan(text: string | null): Span | null {
  const [from = Number.NaN, to = Number.NaN] = (text ?? '').split('-').map(Number)
  return Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from < to ? { from, to } : null
}

export function formatAddress({ page, below, district, device, span, query }: Address): string {
  const all = new URLSearchParams()
  if (district) all.set('district', district)
  for (const [name, value] of query) all.append(name, value)
  if (device) all.set('device', device)
  if (device && span) all.set('span', `${span.from}-${span.to}`)
  const path = `/${[page === homePath && !below ? '' : page, below].filter(Boolean).map(encodeURIComponent).join('/')}`
  return all.size ? `${path}?${all}` : path
}

/** The same view with something changed; another page, tab or thing begins with an empty query. */
export function changed(address: Address, { query, ...change }: Change): Address {
  const to = { ...address, ...(change.page === undefined ? {} : { below: '' }), ...change }
  const stays = to.page === address.page && to.below === address.below
  return { ...to, query: withQuery(stays ? address.query : new URLSearchParams(), query ?? {}) }
}

/** What is named is replaced; the rest stays as it is. */
function withQuery(before: URLSearchParams, change: Query): URLSearchParams {
  const after = new URLSearchParams([...before].filter(([name]) => !(name in change)))
  for (const [name, value] of Object.entries(change))
    for (const one of value === null ? [] : [value].flat()) after.append(name, one)
  return after
}

/** The address of another page in the same district, with the drawer shut; of the same page too, its query begins afresh. */
export const fresh = ({ district }: Pick<Address, 'district'>, change: Change): Address =>
  changed({ page: homePath, below: '', district, device: null, span: null, query: new URLSearchParams() }, change)

/** What a page says, as it stands in its address. */
export const queryText = (query: Query): string => withQuery(new URLSearchParams(), query).toString()

/** Of what a query names, what is allowed, in the order of the allowed. */
export function someOf<T extends string>(query: URLSearchParams, name: string, allowed: readonly T[]): T[] {
  const asked = query.getAll(name)
  return allowed.filter((value) => asked.includes(value))
}

export const oneOf = <T extends string>(query: URLSearchParams, name: string, allowed: readonly T[]): T | null =>
  allowed.find((value) => value === query.get(name)) ?? null
