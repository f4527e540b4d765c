/** Which devices the list and the map show, as part of their addresses. Pure. */
import {
  type Application,
  applications,
  type Carrier,
  carriers,
  type DeviceKind,
  type DeviceState,
  deviceKinds,
  deviceStates,
  type Stage,
  stages,
} from '@hub/contracts'
import { type Query, someOf } from '../../router/address.ts'

export type DeviceFilter = {
  state: DeviceState[]
  application: Application[]
  carrier: Carrier[]
  kind: DeviceKind[]
  stage: Stage[]
  search: string
}
export const noFilter: DeviceFilter = { state: [], application: [], carrier: [], kind: [], stage: [], search: '' }

const choices = {
  state: deviceStates,
  application: applications,
  carrier: carriers,
  kind: deviceKinds,
  stage: stages,
} as const
export type Choice = keyof typeof choices
export const choicesOf = (name: Choice): readonly string[] => choices[name]

/** As much as the hub takes. */
export const longestSearch = 64

/** What is malformed is left out. */
export const parseFilter = (query: URLSearchParams): DeviceFilter => ({
  state: someOf(query, 'state', deviceStates),
  application: someOf(query, 'application', applications),
  carrier: someOf(query, 'carrier', carriers),
  kind: someOf(query, 'kind', deviceKinds),
  stage: someOf(query, 'stage', stages),
  search: query.get('search')?.slice(0, longestSearch) ?? '',
})

/** What is left out of `filter` is chosen by nothing. */
export const formatFilter = (filter: Partial<DeviceFilter>): Query => ({
  ...noFilter,
  ...filter,
  search: filter.search || null,
})
