/** What is on the screen, as a URL: every page, filter, selected device and map position has one. Pure. */
import {
  type Application,
  applications,
  type Carrier,
  carriers,
  type DeviceId,
  type DeviceKind,
  type DeviceState,
  type DistrictCode,
  deviceKinds,
  deviceStates,
  districtCodes,
  type Stage,
  stages,
} from '@hub/contracts'
import type { Span } from '@hub/core'
import { formatOutages, noOutages, type OutagesQuery, parseOutages } from '../outages/query.ts'
import { formatRates, noRates, parseRates, type RatesQuery } from '../rates/query.ts'
import { formatReports, noReports, parseReports, type ReportsQuery } from '../reports/query.ts'

export const pages = [
  'overview',
  'map',
  'devices',
  'outages',
  'orders',
  'work',
  'reports',
  'settings',
  'missing',
] as const
export type Page = (typeof pages)[number]
export const settingsTabs = [
  'gateways',
  'discovered',
  'rollout',
  'registry',
  'topology',
  'channels',
  'users',
  'audit',
] as const
export type SettingsTab = (typeof settingsTabs)[number]
export const reportTabs = ['rates', 'scorecards', 'adjustments', 'progress', 'exports'] as const
export type ReportTab = (typeof reportTabs)[number]
export type Tab = SettingsTab | ReportTab

const trends = ['24h', '30d'] as const

export type DeviceFilter = {
  state: DeviceState[]
  application: Application[]
  carrier: Carrier[]
  kind: DeviceKind[]
  stage: Stage[]
  search: string
}
export type Camera = { longitude: number; latitude: number; zoom: number }
export type View = {
  page: Page
  tab: Tab
  /** The district that the whole console is narrowed to; null is all that the viewer may see. */
  district: DistrictCode | null
  filter: DeviceFilter
  /** Trouble before health, or in order of code. */
  problems: boolean
  /** The device in the drawer, and the stretch of its time that is looked into. */
  device: DeviceId | null
  span: Span | null
  camera: Camera | null
  /** How far back the overview's trend goes. */
  trend: (typeof trends)[number]
  /** The period, the dimension and the drill of the rates page. */
  rates: RatesQuery
  /** Month, filters and open row of the other tabs of the reports page. */
  reports: ReportsQuery
  /** Filters of the outage and work-order boards, or whose page it is. */
  outages: OutagesQuery
}

export const noFilter: DeviceFilter = { state: [], application: [], carrier: [], kind: [], stage: [], search: '' }
export const home: View = {
  page: 'overview',
  tab: 'gateways',
  district: null,
  filter: noFilter,
  problems: true,
  device: null,
  span: null,
  camera: null,
  trend: '24h',
  rates: noRates,
  reports: noReports,
  outages: noOutages,
}

const choices = {
  state: deviceStates,
  application: applications,
  carrier: carriers,
  kind: deviceKinds,
  stage: stages,
} as const
export type Choice = keyof typeof choices
export const choiceNames = Object.keys(choices) as Choice[]
export const choicesOf = (name: Choice): readonly string[] => choices[name]

const tabsOf: Partial<Record<Page, readonly Tab[]>> = { settings: settingsTabs, reports: reportTabs }
/** A tab of the page, or its first; a page without tabs keeps the default. */
const tabOf = (page: Page, asked: string): Tab =>
  tabsOf[page]?.find((tab) => tab === asked) ?? tabsOf[page]?.[0] ?? home.tab

/** Anything malformed is left out: a URL typed by hand shows the nearest sensible view. */
export function parseView(url: URL): View {
  const [first = '', second = ''] = url.pathname.split('/').filter(Boolean)
  const query = url.searchParams
  const one = <T extends string>(name: string, allowed: readonly T[]): T | null =>
    allowed.find((a) => a === query.get(name)) ?? null
  const some = <T extends string>(name: string, allowed: readonly T[]): T[] => {
    const asked = query.getAll(name)
    return allowed.filter((a) => asked.includes(a))
  }
  const device = query.get('device')
  const page = first === '' ? 'overview' : (pages.find((p) => p === first) ?? 'missing')
  const tab = tabOf(page, second)
  const opened = device && /^\d{20}$/.test(device) ? device : null
  return {
    page,
    tab,
    district: one('district', districtCodes),
    filter: {
      state: some('state', deviceStates),
      application: some('application', applications),
      carrier: some('carrier', carriers),
      kind: some('kind', deviceKinds),
      stage: some('stage', stages),
      search: query.get('search')?.slice(0, 64) ?? '',
    },
    problems: query.get('order') !== 'code',
    device: opened,
    span: opened ? parseSpan(query.get('span')) : null,
    camera: parseCamera(query.get('at')),
    trend: one('trend', trends) ?? home.trend,
    rates: tab === 'rates' ? parseRates(query) : noRates,
    reports: page === 'reports' && tab !== 'rates' ? parseReports(query) : noReports,
    outages: page === 'outages' || page === 'orders' ? parseOutages(second, query) : noOutages,
  }
}

function parseCamera(text: string | null): Camera | null {
  const [longitude, latitude, zoom] = (text ?? '').split(',').map(Number)
  if (!longitude || !latitude || !zoom) return null
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 85 && zoom <= 24 ? { longitude, latitude, zoom } : null
}

function parseSpan(text: string | null): Span | null {
  const [from = Number.NaN, to = Number.NaN] = (text ?? '').split('-').map(Number)
  return Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from < to ? { from, to } : null
}

/** The shortest URL of a view: defaults are left out, so that one view has one address. */
export function formatView(view: View): string {
  const query = new URLSearchParams()
  if (view.district) query.set('district', view.district)
  if (view.page === 'devices' || view.page === 'map') {
    for (const name of choiceNames) for (const value of view.filter[name]) query.append(name, value)
  }
  if (view.page === 'devices') {
    if (view.filter.search) query.set('search', view.filter.search)
    if (!view.problems) query.set('order', 'code')
  }
  if (view.page === 'map' && view.camera) {
    const { longitude, latitude, zoom } = view.camera
    query.set('at', `${longitude.toFixed(4)},${latitude.toFixed(4)},${zoom.toFixed(2)}`)
  }
  if (view.page === 'overview' && view.trend !== home.trend) query.set('trend', view.trend)
  const tab = tabOf(view.page, view.tab)
  if (tab === 'rates') formatRates(view.rates, query)
  else if (view.page === 'reports') formatReports(view.reports, query)
  const boards = view.page === 'outages' || view.page === 'orders'
  if (boards) formatOutages(view.outages, query)
  if (view.device) query.set('device', view.device)
  if (view.device && view.span) query.set('span', `${view.span.from}-${view.span.to}`)
  const below = tabsOf[view.page] ? tab : boards ? view.outages.id : null
  const path = view.page === 'overview' ? '/' : below === null ? `/${view.page}` : `/${view.page}/${below}`
  return query.size ? `${path}?${query}` : path
}
