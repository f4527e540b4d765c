/** WS-Discovery 1.0 (April 2005) as a camera speaks it: reads Probes, writes ProbeMatches, Hello and Bye (ONVIF Core 7.3). */
import { randomUUID } from 'node:crypto'
import { type Camera, endpointOf, type Ports, serviceUrl } from './camera.ts'
import { ns } from './namespaces.ts'
import { scopes } from './scopes.ts'
import { child, type Element, escapeXml, readXml, textAt } from './xml.ts'

export type Probe = {
  messageId: string
  /** `{namespace}name`, expanded from the QNames asked for; empty asks for anything. */
  types: string[]
  scopes: string[]
  matchBy: string
}

const types = [`{${ns.network}}NetworkVideoTransmitter`, `{${ns.device}}Device`]
const rfc3986 = `${ns.discovery}/rfc3986`
const strcmp0 = `${ns.discovery}/strcmp0`

/** Undefined for anything that is no well-formed Probe: a camera stays silent then. */
export function readProbe(text: string): Probe | undefined {
  if (!text.includes('Probe')) return undefined
  try {
    const root = readXml(text)
    const probe = child(root, 'Body')?.children.find((c) => c.name === 'Probe' && c.ns === ns.discovery)
    const messageId = textAt(root, 'Header', 'MessageID')
    if (!probe || !messageId) return undefined
    return {
      messageId,
      types: words(textAt(probe, 'Types')).map((name) => expand(name, child(probe, 'Types')!)),
      scopes: words(textAt(probe, 'Scopes')),
      matchBy: child(probe, 'Scopes')?.attributes.MatchBy ?? rfc3986,
    }
  } catch {
    return undefined
  }
}

const words = (text: string | undefined): string[] => text?.split(/\s+/).filter(Boolean) ?? []

function expand(name: string, { scope }: Element): string {
  const [prefix, local] = name.includes(':') ? (name.split(':') as [string, string]) : ['', name]
  return `{${scope[prefix] ?? ''}}${local}`
}

/** Every type and every scope asked for must be the camera's (WS-Discovery 5.1). */
export function matches(probe: Probe, camera: Camera): boolean {
  if (!probe.types.every((type) => types.includes(type))) return false
  if (probe.scopes.length === 0) return true
  const own = scopes(camera)
  return probe.scopes.every((wanted) => own.some((scope) => scopeMatches(wanted, scope, probe.matchBy)))
}

function scopeMatches(wanted: string, scope: string, matchBy: string): boolean {
  if (matchBy === strcmp0) return wanted === scope
  if (matchBy !== rfc3986) return false
  const [want, have] = [wanted.replace(/\/$/, '').split('/'), scope.split('/')]
  return want.every((segment, i) => (i < 3 ? segment.toLowerCase() === have[i]?.toLowerCase() : segment === have[i]))
}

export type Sequence = { instance: number; number: number }

const envelope = (action: string, to: string, { instance, number }: Sequence, header: string, body: string): Buffer =>
  Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="${ns.soap}" xmlns:a="${ns.addressing}" xmlns:d="${ns.discovery}" xmlns:dn="${ns.network}" xmlns:tds="${ns.device}">` +
      `<s:Header><a:MessageID>urn:uuid:${randomUUID()}</a:MessageID>${header}<a:To>${to}</a:To><a:Action>${ns.discovery}/${action}</a:Action>` +
      `<d:AppSequence InstanceId="${instance}" MessageNumber="${number}"/></s:Header><s:Body>${body}</s:Body></s:Envelope>`,
  )

const endpoint = (camera: Camera): string =>
  `<a:EndpointReference><a:Address>${endpointOf(camera)}</a:Address></a:EndpointReference>`

const bothTypes = 'dn:NetworkVideoTransmitter tds:Device'
const target = (camera: Camera, ports: Ports, types = bothTypes): string =>
  `${endpoint(camera)}<d:Types>${types}</d:Types><d:Scopes>${escapeXml(scopes(camera).join(' '))}</d:Scopes>` +
  `<d:XAddrs>${serviceUrl(camera, ports, '/onvif/device_service')}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion>`

/** Types of each ProbeMatch: makers that send two send the legacy and the modern type apart. */
const matchTypes = { 1: [bothTypes], 2: ['tds:Device', 'dn:NetworkVideoTransmitter'] } as const

export const probeMatches = (camera: Camera, ports: Ports, probe: Probe, sequence: Sequence): Buffer =>
  envelope(
    'ProbeMatches',
    `${ns.addressing}/role/anonymous`,
    sequence,
    `<a:RelatesTo>${camera.profile.strayMatches ? `urn:uuid:${randomUUID()}` : escapeXml(probe.messageId)}</a:RelatesTo>`,
    `<d:ProbeMatches>${matchTypes[camera.profile.probeMatches].map((t) => `<d:ProbeMatch>${target(camera, ports, t)}</d:ProbeMatch>`).join('')}</d:ProbeMatches>`,
  )

const everyone = 'urn:schemas-xmlsoap-org:ws:2005:04:discovery'
export const hello = (camera: Camera, ports: Ports, sequence: Sequence): Buffer =>
  envelope('Hello', everyone, sequence, '', `<d:Hello>${target(camera, ports)}</d:Hello>`)
export const bye = (camera: Camera, sequence: Sequence): Buffer =>
  envelope('Bye', everyone, sequence, '', `<d:Bye>${endpoint(camera)}</d:Bye>`)
