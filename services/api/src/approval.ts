/** Whether a found device may be approved, and as which device. Pure. */
import { type DeviceId, type DiscoveredRow, HubError } from '@hub/contracts'

export type Wish = {
  endpoint: string
  device?: DeviceId | undefined
  credential?: string | undefined
  confirm?: string | undefined
}
export type Binding = { device: DeviceId; gateway: string; endpoint: string; xaddr: string }

/** The device service address on the host that answered; a confirmed oddity is taken as it was said. */
function chooseXaddr({ xaddrs, address }: DiscoveredRow): string | undefined {
  const usable = xaddrs.filter((x) => URL.canParse(x) && /^https?:$/.test(new URL(x).protocol))
  return usable.find((x) => new URL(x).hostname.replace(/^\[|\]$/g, '') === address) ?? usable[0]
}

/** @throws HubError `discovered.unknown`, `discovered.suspicious`, `request.invalid` */
export function approve(wish: Wish, found: DiscoveredRow | undefined): Binding {
  const { endpoint } = wish
  if (!found) throw new HubError('discovered.unknown', { value: endpoint })
  if (found.quarantine !== 'new' && wish.confirm !== found.quarantine)
    throw new HubError('discovered.suspicious', { field: endpoint, value: found.quarantine })
  const device = wish.device ?? found.matches
  if (device === null)
    throw new HubError('request.invalid', {
      field: 'device',
      value: endpoint,
      limit: 'matches no planned record: name the device',
    })
  const xaddr = chooseXaddr(found)
  if (!xaddr)
    throw new HubError('request.invalid', { field: 'xaddrs', value: found.xaddrs, limit: 'must hold an http address' })
  return { device, gateway: found.gateway, endpoint, xaddr }
}
