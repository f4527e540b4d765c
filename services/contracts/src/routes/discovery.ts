/** Routes: gateways, what they found, and the rollout. */
import { z } from 'zod'
import * as api from '../api.ts'
import { DeviceId } from '../identity.ts'
import { Rollout } from '../rollout.ts'
import type { Route } from './route.ts'

const device = z.strictObject({ id: DeviceId })

export const discoveryRoutes = {
  gateways: {
    method: 'get',
    path: '/gateways',
    summary: 'Gateways and their health',
    needs: 'view',
    response: z.array(api.GatewayRow),
  },
  discover: {
    method: 'post',
    path: '/gateways/{id}/discoveries',
    summary: 'Ask a gateway to discover now',
    needs: 'command',
    params: device,
    response: api.CommandResult,
  },
  discovered: {
    method: 'get',
    path: '/discovered',
    summary: 'What discovery found, with why it is quarantined',
    needs: 'view',
    response: z.array(api.DiscoveredRow),
  },
  approve: {
    method: 'post',
    path: '/discovered/approvals',
    summary: 'Approve discovered devices',
    needs: 'registry',
    body: api.Approval,
    response: api.ApprovalResult,
  },
  reject: {
    method: 'post',
    path: '/discovered/rejections',
    summary: 'Put discovered devices aside, with the reason',
    needs: 'registry',
    body: api.Rejection,
    response: api.RejectionResult,
  },
  rollout: {
    method: 'get',
    path: '/rollout',
    summary: 'The planned cameras against what was found',
    needs: 'view',
    query: api.RolloutQuery,
    response: Rollout,
  },
  exportRollout: {
    method: 'get',
    path: '/rollout.csv',
    summary: 'One list of the rollout as CSV',
    needs: 'view',
    query: api.RolloutFilters,
    produces: 'text/csv',
  },
} as const satisfies Record<string, Route>
