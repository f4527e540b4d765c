/** What a reported figure counts: the list, the page or the map where it can be looked into. */
import type { KpiName } from '@hub/contracts'
import { hrefOf } from '../../../router/router.svelte.ts'
import { formatFilter } from '../../../shared/devices/query.ts'
import { worstOrder } from './ranking.ts'
import { ratesHref } from './rates.svelte.ts'

export function kpiHref(kpi: KpiName): string {
  switch (kpi) {
    case 'online-time':
      return ratesHref({ by: 'device', order: worstOrder })
    case 'platform-normal':
      return hrefOf({ page: 'settings', below: 'gateways' })
    case 'record':
      return hrefOf({ page: 'settings', below: 'registry' })
    case 'position':
      return hrefOf({ page: 'map' })
    case 'intact':
      return hrefOf({ page: 'devices', query: formatFilter({ stage: ['in-service'], state: ['degraded', 'down'] }) })
    default:
      return hrefOf({ page: 'devices', query: formatFilter({ stage: ['in-service'] }) })
  }
}
