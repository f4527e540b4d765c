/** Whether a found device may be approved, and as which device. Pure. */
import { type DeviceId, type DiscoveredRow, HubError } from '@hub/contracts'
import type { Approved } from '@hub/platform'

export type Wish = {
  endpoint: string
  device?: DeviceId | undefined
  credential?: string | undefined
  confirm?: string | undefined
}

/** @throws HubError `discovered.unknown`, `discovered.suspicious`, `request.invalid` */
export function judgeApproval(wish: Wish, found: DiscoveredRow | undefined, defaultCredential: string): Approved {
  const { endpoint, credential = defaultCredential } = wish
  if (!found) throw new HubError('discovered.unknown', { value: endpoint })
  if (found.quarantine !== 'new' && wish.confirm !== found.quarantine)
    throw new HubError('discovered.suspicious', { field: endpoint, value: found.quarantine })
  const device = wish.device ?? found.matches
  if (device === null)
    throw new HubError('request.invalid', {
      field: 'device',
      value: endpoint,
      limit: `${whyUnmatched(found)}: name the device`,
    })
  if (found.status === 'approved' && found.matches !== device)
    throw new HubError('request.invalid', { field: 'device', value: device, limit: `is approved as ${found.matches}` })
  return { gateway: found.gateway, endpoint, device, credential }
}

function whyUnmatched({ unmatched }: DiscoveredRow): string {
  if (unmatched?.reason === 'ambiguous') return `several records have its ${unmatched.by}`
  if (unmatched?.reason === 'contradicted') return `the record with its ${unmatched.by} says otherwise`
  if (unmatched?.reason === 'contested') return 'another device claims the same record'
  return 'matches no planned record'
}
