/** What a device says of itself to whoever asks at its address, without a login: for cameras that answer no Probe. */
import { isIP } from 'node:net'
import { HubError } from '@hub/contracts'
import type { Clock } from '@hub/platform'
import { OnvifFault } from '../onvif/fault.ts'
import { CameraSession } from '../onvif/session.ts'
import { envelope } from '../onvif/soap.ts'
import { bareHost } from '../onvif/stream-address.ts'
import { textAt } from '../onvif/xml.ts'
import { endpointNamed, type Match } from './message.ts'
import { judge } from './trust.ts'

const endpointRequest = envelope('<GetEndpointReference xmlns="http://www.onvif.org/ver10/device/wsdl"/>')

/**
 * @param options.xaddr of its device service. The host must be an IP address: a name may be another tomorrow.
 * @throws HubError command.failed
 */
export async function askByAddress(options: {
  clock: Clock
  xaddr: string
  allowLoopback: boolean
}): Promise<{ host: string; match: Match }> {
  const { clock, xaddr } = options
  const failed = (limit: string) => new HubError('command.failed', { field: 'add-camera', limit })
  const url = URL.canParse(xaddr) ? new URL(xaddr) : undefined
  const host = url ? bareHost(url.hostname) : ''
  if (!url || isIP(host) === 0) throw failed('the address must be http or https with an IP address')
  const { quarantine } = judge(host, [xaddr], options.allowLoopback)
  if (quarantine !== 'new') throw failed(`the address may not be used: ${quarantine}`)
  const tls = url.protocol === 'https:'
  const target = { host, port: Number(url.port) || (tls ? 443 : 80), tls }
  const session = new CameraSession({ clock, target, path: url.pathname + url.search })
  try {
    // The one call that every camera answers to anybody: it is there, and speaks ONVIF.
    await session.readClock()
    const endpoint = await endpointOf(session)
    return { host, match: { endpoint: endpoint ?? url.href, xaddrs: [url.href], scopes: [] } }
  } catch (error) {
    throw error instanceof OnvifFault ? failed(error.message) : error
  } finally {
    session.close()
  }
}

/** Undefined where the camera does not tell it to everybody. */
async function endpointOf(session: CameraSession): Promise<string | undefined> {
  try {
    const { body } = await session.call(endpointRequest)
    return endpointNamed(textAt(body, 'GetEndpointReferenceResponse', 'GUID'))
  } catch (error) {
    if (error instanceof OnvifFault) return undefined
    throw error
  }
}
