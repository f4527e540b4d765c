/** The list that a figure counts: devices in service, of a group, in a state. */
import type { Application, Carrier, DeviceState, DistrictCode } from '@hub/contracts'
import { address, hrefOf } from '../../router/router.svelte.ts'
import { formatFilter } from '../../shared/devices/query.ts'

export type GroupKind = 'district' | 'application' | 'carrier'

export function listHref(state: DeviceState[], by?: GroupKind, key?: string): string {
  return hrefOf({
    page: 'devices',
    district: by === 'district' ? (key as DistrictCode) : address().district,
    query: formatFilter({
      state,
      stage: ['in-service'],
      application: by === 'application' ? [key as Application] : [],
      carrier: by === 'carrier' ? [key as Carrier] : [],
    }),
  })
}
