/** The calls of a pull-point subscription (ONVIF Core 9.2; WS-BaseNotification 1.3, 5 and 6): what is asked and read. Pure. */

import { envelope } from '../onvif/soap.ts'
import { at, child, escapeXml, textAt, type XmlElement } from '../onvif/xml.ts'
import { messageLimit } from './notification.ts'
import { topicFilter } from './topics.ts'

/** Where a subscription is spoken to. */
export type PullPoint = {
  /** Path and query at the camera that we know: the host that it states is not believed. */
  path: string
  /** The address as the camera gave it, said back to it as WS-Addressing `To`. */
  address: string
  /** Header blocks that it wants to see again (WS-Addressing 1.0 SOAP Binding 3.3). Axis tells subscriptions apart by one. */
  parameters: string
}

const tev = 'http://www.onvif.org/ver10/events/wsdl'
const wsnt = 'http://docs.oasis-open.org/wsn/b-2'
const wsa = 'http://www.w3.org/2005/08/addressing'
const manager = 'http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager'

const seconds = (ms: number): string => `PT${Math.ceil(ms / 1_000)}S`
const addressed = (action: string, to?: PullPoint): string =>
  `<wsa:Action xmlns:wsa="${wsa}">${action}</wsa:Action>` +
  (to ? `<wsa:To xmlns:wsa="${wsa}">${escapeXml(to.address)}</wsa:To>${to.parameters}` : '')

export const locateRequest = envelope(
  '<GetCapabilities xmlns="http://www.onvif.org/ver10/device/wsdl"><Category>Events</Category></GetCapabilities>',
)

export function createRequest(lastsMs: number, filtered: boolean): string {
  const filter = filtered
    ? `<Filter><TopicExpression xmlns="${wsnt}" xmlns:tns1="http://www.onvif.org/ver10/topics" Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">${topicFilter}</TopicExpression></Filter>`
    : ''
  return envelope(
    `<CreatePullPointSubscription xmlns="${tev}">${filter}<InitialTerminationTime>${seconds(lastsMs)}</InitialTerminationTime></CreatePullPointSubscription>`,
    addressed(`${tev}/EventPortType/CreatePullPointSubscriptionRequest`),
  )
}

export const pullRequest = (to: PullPoint, waitMs: number): string =>
  envelope(
    `<PullMessages xmlns="${tev}"><Timeout>${seconds(waitMs)}</Timeout><MessageLimit>${messageLimit}</MessageLimit></PullMessages>`,
    addressed(`${tev}/PullPointSubscription/PullMessagesRequest`, to),
  )

export const syncRequest = (to: PullPoint): string =>
  envelope(
    `<SetSynchronizationPoint xmlns="${tev}"/>`,
    addressed(`${tev}/PullPointSubscription/SetSynchronizationPointRequest`, to),
  )

export const renewRequest = (to: PullPoint, lastsMs: number): string =>
  envelope(
    `<Renew xmlns="${wsnt}"><TerminationTime>${seconds(lastsMs)}</TerminationTime></Renew>`,
    addressed(`${manager}/RenewRequest`, to),
  )

export const unsubscribeRequest = (to: PullPoint): string =>
  envelope(`<Unsubscribe xmlns="${wsnt}"/>`, addressed(`${manager}/UnsubscribeRequest`, to))

/**
 * Path of the event service; null when the camera has none, undefined when it does not say. `WSPullPointSupport` is not asked: Bosch
 * states false beside `MaxPullPoints="10"`, and answers pulls (home-assistant/core #91089). A camera that has none refuses to subscribe.
 */
export function readServicePath(body: XmlElement): string | null | undefined {
  const capabilities = at(body, 'GetCapabilitiesResponse', 'Capabilities')
  if (!capabilities) return undefined
  const events = child(capabilities, 'Events')
  if (!events) return null
  return pathOf(textAt(events, 'XAddr')) ?? null
}

/** @param text the whole answer: reference parameters need their namespaces. @param fallback path of the event service. */
export function readPullPoint(body: XmlElement, text: string, fallback: string): PullPoint {
  const reference = at(body, 'CreatePullPointSubscriptionResponse', 'SubscriptionReference')
  const address = textAt(reference, 'Address')?.slice(0, 512) ?? fallback
  return { path: pathOf(address) ?? fallback, address, parameters: readParameters(reference, text) }
}

/** Only a path that can stand in a request line. */
function pathOf(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address, 'http://camera')) return undefined
  const { protocol, pathname, search } = new URL(address, 'http://camera')
  return /^https?:$/.test(protocol) && pathname.startsWith('/') ? pathname + search : undefined
}

const maxParameters = 4

/** Elements of text alone, which is all that cameras use; their namespaces are looked up in the text. */
function readParameters(reference: XmlElement | undefined, text: string): string {
  const wanted = child(reference, 'ReferenceParameters')?.children.slice(0, maxParameters) ?? []
  return wanted
    .map(({ name, text: value }) => {
      const tag = new RegExp(`<(?:([\\w.-]+):)?${name.replace(/\W/g, '\\$&')}(?=[\\s>/])([^>]*)>`).exec(text)
      const prefix = tag?.[1]
      const uri = namespaceIn(tag?.[2] ?? '', prefix) ?? namespaceIn(text, prefix)
      if (!/^[A-Za-z_][\w.-]*$/.test(name) || uri === undefined || value.length > 256) return ''
      return `<p:${name} xmlns:p="${escapeXml(uri)}" xmlns:wsa="${wsa}" wsa:IsReferenceParameter="true">${escapeXml(value.trim())}</p:${name}>`
    })
    .join('')
}

function namespaceIn(text: string, prefix: string | undefined): string | undefined {
  const name = prefix === undefined ? 'xmlns' : `xmlns:${prefix.replace(/\W/g, '\\$&')}`
  return new RegExp(`\\s${name}\\s*=\\s*["']([^"'<>]{1,256})["']`).exec(text)?.[1]
}

/**
 * Milliseconds that a subscription lasts, from both times of an answer, which are on the camera's clock. Undefined when it
 * does not say; some makes state a time that is over, or now.
 */
export function readLasting(answer: XmlElement | undefined): number | undefined {
  const time = (name: string) => {
    const said = textAt(answer, name)
    return said === undefined ? Number.NaN : Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(said) ? said : `${said}Z`)
  }
  const lasts = time('TerminationTime') - time('CurrentTime')
  return lasts > 0 ? Math.min(lasts, 3_600_000) : undefined
}
