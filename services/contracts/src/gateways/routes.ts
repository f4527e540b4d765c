/** Routes: gateways, what they found, the rollout, and commands. */
import { z } from 'zod'
import { byCode } from '../common/params.ts'
import type { Route } from '../route.ts'
import { CameraAddress, CertificateAcceptance, CommandRequest, CommandResult } from './device-command.ts'
import { Approval, ApprovalResult, DiscoveredRow, Rejection, RejectionResult } from './discovered.ts'
import { DeviceExplanation } from './explain.ts'
import { GatewayRow } from './gateway-list.ts'
import { GatewayKey, GatewayKeyDecision } from './key.ts'
import { Rollout, RolloutFilters, RolloutQuery } from './rollout.ts'
import { SensorCredentials, SensorSecrets } from './sensor-credentials.ts'

export const gatewaysRoutes = {
  gateways: {
    method: 'get',
    path: '/gateways',
    summary: 'Gateways and their health',
    needs: 'oversee',
    response: z.array(GatewayRow),
  },
  decideGatewayKey: {
    method: 'post',
    path: '/gateways/{id}/keys',
    summary: 'Approve or reject the new key of a gateway; the key before is retired by an approval',
    needs: 'approve',
    params: byCode,
    body: GatewayKeyDecision,
    response: z.array(GatewayKey),
  },
  discover: {
    method: 'post',
    path: '/gateways/{id}/discoveries',
    summary: 'Ask a gateway to discover now',
    needs: 'command',
    params: byCode,
    response: CommandResult,
  },
  addCamera: {
    method: 'post',
    path: '/gateways/{id}/cameras',
    summary:
      'Name a camera by its address, where discovery does not hear it: it is asked without a login, and waits for approval',
    needs: 'registry',
    params: byCode,
    body: CameraAddress,
    response: CommandResult,
  },
  discovered: {
    method: 'get',
    path: '/discovered',
    summary: 'What discovery found, with why it is quarantined',
    needs: 'oversee',
    response: z.array(DiscoveredRow),
  },
  approve: {
    method: 'post',
    path: '/discovered/approvals',
    summary: 'Approve discovered devices',
    needs: 'registry',
    body: Approval,
    response: ApprovalResult,
  },
  reject: {
    method: 'post',
    path: '/discovered/rejections',
    summary: 'Put discovered devices aside, with the reason',
    needs: 'registry',
    body: Rejection,
    response: RejectionResult,
  },
  rollout: {
    method: 'get',
    path: '/rollout',
    summary: 'The planned cameras against what was found',
    needs: 'oversee',
    query: RolloutQuery,
    response: Rollout,
  },
  exportRollout: {
    method: 'get',
    path: '/rollout.csv',
    summary: 'One list of the rollout as CSV',
    needs: 'oversee',
    query: RolloutFilters,
    produces: 'text/csv',
  },
  explain: {
    method: 'get',
    path: '/devices/{id}/explain',
    summary:
      'A device as its gateway sees it: of a camera the last exchanges, policy, login, next probe; of a sensor its connections and what could not be read; no secret is in it',
    needs: 'view',
    params: byCode,
    response: DeviceExplanation,
  },
  command: {
    method: 'post',
    path: '/devices/{id}/commands',
    summary: 'Ask the gateway to do something with a device',
    needs: 'command',
    params: byCode,
    body: CommandRequest,
    response: CommandResult,
  },
  acceptCertificate: {
    method: 'post',
    path: '/devices/{id}/certificate',
    summary: 'Trust the certificate that a camera shows instead of its former one',
    needs: 'registry',
    params: byCode,
    body: CertificateAcceptance,
    response: CommandResult,
  },
  sensorCredentials: {
    method: 'post',
    path: '/sensor-credentials',
    summary: 'Issue a new password to each sensor, shown once',
    needs: 'registry',
    body: SensorCredentials,
    response: SensorSecrets,
  },
} as const satisfies Record<string, Route>
