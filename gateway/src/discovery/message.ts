/** WS-Discovery 2005/04 messages, as ONVIF uses them (ONVIF Core 7): what we send, and what is read out of a datagram. */
import type { FoundDevice } from '@hub/contracts'
import { decodeEither } from '@hub/core'
import { decodeBody } from '../onvif/http.ts'
import { at, child, parseXml, textAt, type XmlElement } from '../onvif/xml.ts'

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
  /** `relatesTo`: the message that it answers. */
  | { kind: 'matches'; matches: Match[]; relatesTo: string | undefined }
  | { kind: 'hello'; matches: Match[] }
  | { kind: 'bye'; endpoints: string[] }
  /** Well-formed, but nothing that concerns us: a Probe of somebody else, a printer. */
  | { kind: 'other' }

const maxMatches = 64
const scopeBase = 'onvif://www.onvif.org/'
/** Spelling in a scope → what it tells. */
const scopeKinds = new Map<string, keyof Scopes>([
  ['name', 'name'],
  ['hardware', 'hardware'],
  ['location', 'location'],
  ['x-project', 'project'],
  ...(['mac', 'MAC', 'Mac'] as const).map((spelt): [string, 'mac'] => [spelt, 'mac']),
  ...(['serial', 'Serial', 'SERIAL'] as const).map((spelt): [string, 'serial'] => [spelt, 'serial']),
])
/** Room for a name of 128 escaped characters. */
const longestScope = 2_048
/** More of one kind than fit into what is told of it are not read. */
const scopesOfKind = 16

/** Reads a datagram. Throws an OnvifFault (`malformed`) that says what is wrong with it. */
export function readMessage(datagram: Buffer): DiscoveryMessage {
  const root = parseXml(decodeBody({ body: datagram.subarray(0, maxDatagram) }))
  const body = child(root, 'Body')
  const matches = at(body, 'ProbeMatches') ?? at(body, 'ResolveMatches')
  if (matches)
    return {
      kind: 'matches',
      relatesTo: idOf(textAt(root, 'Header', 'RelatesTo')),
      matches: readMatches(matches.children.filter((m) => /^(Probe|Resolve)Match$/.test(m.name))),
    }
  const hello = child(body, 'Hello')
  if (hello) return { kind: 'hello', matches: readMatches([hello]) }
  const bye = child(body, 'Bye')
  const gone = bye && endpointOf(bye)
  return gone ? { kind: 'bye', endpoints: [gone] } : { kind: 'other' }
}

/** Of a message: makes write back the UUID alone, or with another prefix. */
const idOf = (text: string | undefined): string | undefined =>
  text
    ?.slice(-256)
    .replace(/^(?:urn:)?(?:uuid:)?/i, '')
    .toLowerCase()

function readMatches(elements: XmlElement[]): Match[] {
  const matches: Match[] = []
  for (const element of elements.slice(0, maxMatches)) {
    const endpoint = endpointOf(element)
    if (endpoint && isCamera(element))
      matches.push({ endpoint, xaddrs: words(element, 'XAddrs'), scopes: scopesOf(element) })
  }
  return matches
}

/** Types name an ONVIF device, or there are none and a scope says it is one. Printers and PCs answer WS-Discovery too. */
function isCamera(element: XmlElement): boolean {
  const types = words(element, 'Types').map((type) => type.slice(type.indexOf(':') + 1))
  if (types.includes('NetworkVideoTransmitter')) return true
  return scopesOf(element).some((scope) => scope.startsWith(scopeBase))
}

const endpointOf = (element: XmlElement): string | undefined =>
  endpointNamed(textAt(element, 'EndpointReference', 'Address'))

/** `urn:uuid:…` in lower case, whichever of the three usual spellings the camera uses. */
export function endpointNamed(address: string | undefined): string | undefined {
  if (!address || address.length > 256) return undefined
  const uuid = /^(?:urn:)?(?:uuid:)?([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i.exec(address)?.[1]
  return uuid ? `urn:uuid:${uuid.toLowerCase()}` : address
}

const words = (element: XmlElement, name: string): string[] =>
  (textAt(element, name) ?? '').split(/\s+/).filter((word) => word !== '')

/** A list of addresses without blanks. Makes write names with blanks all the same: what begins with no scheme belongs to what is before it. */
function scopesOf(element: XmlElement): string[] {
  const scopes: string[] = []
  for (const word of words(element, 'Scopes'))
    if (scopes.length === 0 || /^[a-z][a-z\d+.-]*:\/\//i.test(word)) scopes.push(word)
    else if (scopes.at(-1)!.length < longestScope) scopes.push(`${scopes.pop()} ${word}`)
  return scopes
}

export type Scopes = Pick<FoundDevice, 'name' | 'hardware' | 'location' | 'project' | 'mac' | 'serial'>

/**
 * ONVIF scopes (Core 7.3.2.2), percent-decoded. Several locations are joined: the most local is not always the first. MAC and
 * serial are no standard scopes: makers spell them in upper case or lower.
 */
export function readScopes(scopes: readonly string[]): Scopes {
  const said = new Map<keyof Scopes, string[]>()
  for (const scope of scopes) {
    if (!scope.startsWith(scopeBase)) continue
    const slash = scope.indexOf('/', scopeBase.length)
    const kind = slash < 0 ? undefined : scopeKinds.get(scope.slice(scopeBase.length, slash))
    const value = kind && decoded(scope.slice(slash + 1))
    if (value) said.set(kind, [...(said.get(kind) ?? []).slice(0, scopesOfKind), value])
  }
  const found: Scopes = {}
  for (const [kind, values] of said) {
    if (kind === 'location') found.location = values.join(' ').slice(0, 128)
    else found[kind] = values[0]!.slice(0, kind === 'mac' ? 64 : 128)
  }
  return found
}

/**
 * Each run of escapes by itself: a percent sign that begins none stands for itself, and one that cannot be read spoils no other. The second
 * byte of a character of GBK may be ASCII, which some makers leave as it is: 镕 is `%E9F`.
 */
function decoded(text: string): string {
  const read = (run: string, next = '', at = 0) => {
    const bytes = Buffer.from(run.replaceAll('%', ''), 'hex')
    const before = text[at - 1] ?? ''
    const after = next || (text[at + run.length] ?? '')
    const whole = decodeEither(bytes, { before, after })
    if (whole !== undefined) return whole + next
    // Inside a word it is more likely a letter of another charset, of which nothing is known.
    const withNext =
      next === '' || /[a-z]/.test(before)
        ? undefined
        : decodeEither(Buffer.concat([bytes, Buffer.from(next)]), { before, after })
    return withNext ?? run + next
  }
  return text
    .replace(/((?:%[\da-f]{2})+)([@-~]?)/gi, (_, run: string, next: string, at: number) => read(run, next, at))
    .trim()
}
