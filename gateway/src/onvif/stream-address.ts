/** Where a camera's stream is: the path by the camera's word, the host by where it was reached. Pure. */
import { OnvifFault } from './fault.ts'

export type Endpoint = { readonly host: string; readonly port: number }
export type StreamAddress = {
  /** RTSP address without a login in it. */
  uri: string
  /** The camera names another host: it sits behind NAT, or speaks of its other interface. */
  foreign: boolean
}

/** The bound of `DeviceIdentity`. */
const longestUri = 512

/**
 * Path and query are the camera's, the host is the one that it was reached at. So is the port, where the camera has stream and services
 * behind one port and is reached by another one than it knows: behind NAT both are forwarded together.
 * @param services where the camera says that its services are
 * @throws OnvifFault `malformed` when what is stated is no RTSP address: that is not the same as none
 */
export function streamAddress(stated: string, reached: Endpoint, services?: Endpoint): StreamAddress {
  const url = URL.canParse(stated) ? new URL(stated) : undefined
  if (url?.protocol !== 'rtsp:' && url?.protocol !== 'rtsps:') throw unreadable(stated)
  url.username = ''
  url.password = ''
  const foreign = bareHost(url.hostname) !== reached.host
  if (foreign) {
    url.hostname = reached.host.includes(':') ? `[${reached.host}]` : reached.host
    if (url.port !== '' && services && services.port !== reached.port && Number(url.port) === services.port)
      url.port = String(reached.port)
  }
  if (url.href.length > longestUri) throw unreadable(stated)
  return { uri: url.href, foreign }
}

/** Without the brackets of an IPv6 address. */
export const bareHost = (hostname: string): string => hostname.replace(/^\[|\]$/g, '')

const unreadable = (stated: string) =>
  new OnvifFault('describes', 'malformed', `the stream address cannot be read: ${stated.slice(0, 120)}`)
