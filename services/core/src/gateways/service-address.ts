/** Where a found device is spoken to once it is approved. Pure. */
import type { FoundDevice } from '@hub/contracts'

/** ONVIF Core 5.1.1: every device has its entry service here. */
const usualPath = '/onvif/device_service'

/**
 * The address that it states where that is believed. Else the address that its answer came from, with the stated scheme, port and path:
 * a camera behind NAT names an address that nobody reaches, an impostor one that a login must not go to. Any other statement counts for
 * nothing.
 */
export function serviceAddress({
  address,
  xaddrs,
  quarantine,
}: Pick<FoundDevice, 'address' | 'xaddrs' | 'quarantine'>) {
  const [stated] = xaddrs
  if (stated !== undefined && quarantine === 'new') return stated
  const parts = /^(https?):\/\/(?:\[[\da-f:.]+\]|[^\s/:@[\]?#]+)(:\d{1,5})?(\/[^\s?#]*(?:\?[^\s#]*)?)?$/i.exec(
    stated ?? '',
  )
  const [, scheme = 'http', port = '', path = usualPath] = parts ?? []
  return `${scheme.toLowerCase()}://${address.includes(':') ? `[${address}]` : address}${port}${path}`
}
