/** SOAP 1.2 as a camera reads and writes it (ONVIF Core 5.1, 5.8). */
import { ns } from './namespaces.ts'
import type { UsernameToken } from './token.ts'
import { child, type Element, escapeXml, readXml, textAt, XmlError } from './xml.ts'

export type SoapRequest = {
  /** The one element of the body. */
  body: Element
  token: UsernameToken | undefined
}

/** A fault for the client. `sub` are subcodes of the ONVIF error namespace, outermost first. */
export class SoapFault extends Error {
  readonly code: 'Sender' | 'Receiver' | 'VersionMismatch'
  readonly sub: readonly string[]
  constructor(code: SoapFault['code'], sub: readonly string[], reason: string) {
    super(reason)
    this.code = code
    this.sub = sub
  }
  /** HTTP binding: 400 for the sender's faults, 500 for the rest (SOAP 1.2 part 2, 7.4.2). */
  get status(): number {
    return this.code === 'Sender' ? 400 : 500
  }
}

export const notAuthorized = (): SoapFault => new SoapFault('Sender', ['NotAuthorized'], 'Sender not Authorized')
export const invalidArgument = (sub: string, reason: string): SoapFault =>
  new SoapFault('Sender', ['InvalidArgVal', sub], reason)
export const unsupported = (name: string): SoapFault =>
  new SoapFault('Receiver', ['ActionNotSupported'], `Optional Action Not Implemented: ${name}`)
/** What a server built on gSOAP says when its makers left an unknown call to it. */
export const notRecognized = (name: string): SoapFault =>
  new SoapFault('Sender', [], `Method '${name}' not implemented: method name or namespace not recognized`)

/** Throws SoapFault when the text is no SOAP 1.2 request. */
export function readRequest(text: string): SoapRequest {
  const root = wellFormed(text)
  if (root.name === 'Envelope' && root.ns === ns.soap11)
    throw new SoapFault('VersionMismatch', [], 'SOAP 1.2 is wanted')
  const body = root.name === 'Envelope' && root.ns === ns.soap ? child(root, 'Body') : undefined
  const call = body?.children[0]
  if (!call) throw new SoapFault('Sender', ['WellFormed'], 'Well-formed Error: no call in the body')
  return { body: call, token: readToken(child(root, 'Header')) }
}

function wellFormed(text: string): Element {
  try {
    return readXml(text)
  } catch (error) {
    if (error instanceof XmlError) throw new SoapFault('Sender', ['WellFormed'], `Well-formed Error: ${error.message}`)
    throw error
  }
}

function readToken(header: Element | undefined): UsernameToken | undefined {
  const security = header?.children.find((c) => c.name === 'Security' && c.ns === ns.security)
  const token = child(security, 'UsernameToken')
  const password = child(token, 'Password')
  if (!token || !password) return undefined
  return {
    user: textAt(token, 'Username') ?? '',
    password: password.text.trim(),
    digest: password.attributes.Type?.endsWith('#PasswordDigest') ?? false,
    nonce: textAt(token, 'Nonce') ?? '',
    created: textAt(token, 'Created') ?? '',
  }
}

const head =
  '<?xml version="1.0" encoding="UTF-8"?>' +
  `<env:Envelope xmlns:env="${ns.soap}" xmlns:tds="${ns.device}" xmlns:trt="${ns.media}" xmlns:tr2="${ns.media2}" xmlns:tptz="${ns.ptz}"` +
  ` xmlns:tt="${ns.schema}" xmlns:ter="${ns.error}"><env:Body>`
const tail = '</env:Body></env:Envelope>'

export const envelope = (body: string): string => head + body + tail

export function faultBody({ code, sub, message }: SoapFault): string {
  const subcode = sub.reduceRight(
    (inner, name) => `<env:Subcode><env:Value>ter:${name}</env:Value>${inner}</env:Subcode>`,
    '',
  )
  return (
    `<env:Fault><env:Code><env:Value>env:${code}</env:Value>${subcode}</env:Code>` +
    `<env:Reason><env:Text xml:lang="en">${escapeXml(message)}</env:Text></env:Reason></env:Fault>`
  )
}
