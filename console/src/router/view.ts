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

export const pages = ['overview', 'map', 'devices', 'settings', 'missing'] as const
export type Page = (typeof pages)[number]
export const tabs = ['gateways', 'discovered', 'rollout', 'registry', 'users'] as const
export type Tab = (typeof tabs)[number]

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
  /** The device in the drawer. */
  device: DeviceId | null
  camera: Camera | null
}

export const noFilter: DeviceFilter = { state: [], application: [], carrier: [], kind: [], stage: [], search: '' }
export const home: View = {
  page: 'overview',
  tab: 'gateways',
  district: null,
  filter: noFilter,
  problems: true,
  device: null,
  camera: null,
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
  return {
    page: first === '' ? 'overview' : (pages.find((p) => p === first) ?? 'missing'),
    tab: tabs.find((tab) => tab === second) ?? 'gateways',
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
    device: device && /^\d{20}$/.test(device) ? device : null,
    camera: parseCamera(query.get('at')),
  }
}

function parseCamera(text: string | null): Camera | null {
  const [longitude, latitude, zoom] = (text ?? '').split(',').map(Number)
  if (!longitude || !latitude || !zoom) return null
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 85 && zoom <= 24 ? { longitude, latitude, zoom } : null
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
  if (view.device) query.set('device', view.device)
  const path = view.page === 'overview' ? '/' : view.page === 'settings' ? `/settings/${view.tab}` : `/${view.page}`
  return query.size ? `${path}?${query}` : path
}
