/** WS-Discovery 2005/04 messages, as ONVIF uses them (ONVIF Core 7): what we send, and what is read out of a datagram. */
import type { FoundDevice } from '@hub/contracts'
import { at, child, parseXml, textAt, type XmlElement } from '../onvif/index.ts'

export const discoveryPort = 3702
export const multicastGroup = '239.255.255.250'
/** A UDP answer cannot be larger, and no camera's comes near. */
const maxDatagram = 65_507

/**
 * @param id a fresh UUID.
 * @param typed asks for cameras alone. Some cameras answer only to that, and some only to a Probe without Types, which
 *   printers and PCs answer too.
 */
export const probeMessage = (id: string, typed = true): string =>
  '<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" ' +
  'xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" ' +
  `xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header><w:MessageID>uuid:${id}</w:MessageID>` +
  '<w:To e:mustUnderstand="true">urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>' +
  '<w:Action e:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>' +
  `<e:Body><d:Probe>${typed ? '<d:Types>dn:NetworkVideoTransmitter</d:Types>' : ''}</d:Probe></e:Body></e:Envelope>`

export type Match = {
  endpoint: string
  xaddrs: string[]
  scopes: string[]
}

export type DiscoveryMessage =
  | { kind: 'matches' | 'hello'; matches: Match[] }
  | { kind: 'bye'; endpoints: string[] }
  /** Well-formed, but nothing that concerns us: a Probe of somebody else, a printer. */
  | { kind: 'other' }

const maxMatches = 64
const scopeBase = 'onvif://www.onvif.org/'

/** Reads a datagram. Throws an OnvifFault (`malformed`) that says what is wrong with it. */
export function readMessage(datagram: Buffer): DiscoveryMessage {
  const root = parseXml(datagram.toString('utf8', 0, Math.min(datagram.length, maxDatagram)))
  const body = child(root, 'Body')
  const matches = at(body, 'ProbeMatches') ?? at(body, 'ResolveMatches')
  if (matches)
    return {
      kind: 'matches',
      matches: readMatches(matches.children.filter((m) => /^(Probe|Resolve)Match$/.test(m.name))),
    }
  const hello = child(body, 'Hello')
  if (hello) return { kind: 'hello', matches: readMatches([hello]) }
  const bye = child(body, 'Bye')
  const gone = bye && endpointOf(bye)
  return gone ? { kind: 'bye', endpoints: [gone] } : { kind: 'other' }
}

function readMatches(elements: XmlElement[]): Match[] {
  const matches: Match[] = []
  for (const element of elements.slice(0, maxMatches)) {
    const endpoint = endpointOf(element)
    if (endpoint && isCamera(element))
      matches.push({ endpoint, xaddrs: words(element, 'XAddrs'), scopes: words(element, 'Scopes') })
  }
  return matches
}

/** Types name an ONVIF device, or there are none and a scope says it is one. Printers and PCs answer WS-Discovery too. */
function isCamera(element: XmlElement): boolean {
  const types = words(element, 'Types').map((type) => type.slice(type.indexOf(':') + 1))
  if (types.includes('NetworkVideoTransmitter')) return true
  return words(element, 'Scopes').some((scope) => scope.startsWith(scopeBase))
}

/** `urn:uuid:…` in lower case, whichever of the three usual spellings the camera uses. */
function endpointOf(element: XmlElement): string | undefined {
  const address = textAt(element, 'EndpointReference', 'Address')
  if (!address || address.length > 256) return undefined
  const uuid = /^(?:urn:)?(?:uuid:)?([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i.exec(address)?.[1]
  return uuid ? `urn:uuid:${uuid.toLowerCase()}` : address
}

const words = (element: XmlElement, name: string): string[] =>
  (textAt(element, name) ?? '').split(/\s+/).filter((word) => word !== '')

export type Scopes = Pick<FoundDevice, 'name' | 'hardware' | 'location' | 'project' | 'mac' | 'serial'>

/**
 * ONVIF scopes (Core 7.3.2.2), percent-decoded. Several locations are joined: the most local is not always the first. MAC and
 * serial are no standard scopes: makers spell them in upper case or lower.
 */
export function readScopes(scopes: readonly string[]): Scopes {
  const values = (kind: string) =>
    scopes
      .filter((scope) => scope.slice(0, scopeBase.length + kind.length + 1).toLowerCase() === `${scopeBase}${kind}/`)
      .map((scope) => decoded(scope.slice(scopeBase.length + kind.length + 1)))
      .filter((value) => value !== '')
  const found: Scopes = {}
  const [name] = values('name')
  const [hardware] = values('hardware')
  const [project] = values('x-project')
  const [mac] = values('mac')
  const [serial] = values('serial')
  const location = values('location').join(' ')
  if (name) found.name = name.slice(0, 128)
  if (hardware) found.hardware = hardware.slice(0, 128)
  if (location) found.location = location.slice(0, 128)
  if (project) found.project = project.slice(0, 128)
  if (mac) found.mac = mac.slice(0, 64)
  if (serial) found.serial = serial.slice(0, 128)
  return found
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text).trim()
  } catch {
    return text
  }
}
