/** Whether a found device may be approved, and as which device. Pure. */
import { type DeviceId, type DiscoveredRow, HubError, limitText } from '@hub/contracts'
import type { Approved } from './approval.ts'

export type ApprovalRequest = {
  endpoint: string
  device?: DeviceId | undefined
  credential?: string | undefined
  confirm?: string | undefined
}

/** @throws HubError `discovered.unknown`, `discovered.suspicious`, `request.invalid` */
export function judgeApproval(
  request: ApprovalRequest,
  found: DiscoveredRow | undefined,
  defaultCredential: string,
): Approved {
  const { endpoint, credential = defaultCredential } = request
  if (!found) throw new HubError('discovered.unknown', { value: endpoint })
  if (found.quarantine !== 'new' && request.confirm !== found.quarantine)
    throw new HubError('discovered.suspicious', { field: endpoint, value: found.quarantine })
  const device = request.device ?? found.matches
  if (device === null)
    throw new HubError('request.invalid', {
      field: 'device',
      value: endpoint,
      limit: whyUnmatched(found),
    })
  if (found.status === 'approved' && found.matches !== device)
    throw new HubError('request.invalid', {
      field: 'device',
      value: device,
      limit: limitText('approved-as', { device: found.matches ?? '' }),
    })
  return { gateway: found.gateway, endpoint, device, credential }
}

function whyUnmatched({ unmatched }: DiscoveredRow): string {
  if (unmatched?.reason === 'ambiguous') return limitText('ambiguous-record', { by: unmatched.by ?? '' })
  if (unmatched?.reason === 'contradicted') return limitText('contradicted-record', { by: unmatched.by ?? '' })
  if (unmatched?.reason === 'contested') return limitText('contested-record')
  return limitText('no-planned-record')
}
