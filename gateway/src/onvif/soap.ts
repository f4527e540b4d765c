/** SOAP 1.2 envelopes: what is asked, what came back, and which faults mean that the credential was refused. */
import { createHash } from 'node:crypto'
import { malformed, OnvifFault } from './fault.ts'
import { at, child, escapeXml, parseXml, textAt, type XmlElement } from './xml.ts'

/** Where a security header goes in. node-onvif's envelopes hold the same element when they are given no user. */
const headerStart = '<s:Header>'

/** @param body content of the Body element, @param header blocks of the Header: their namespaces declared on themselves. */
export const envelope = (body: string, header = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">${headerStart}${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`

const wss = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss'

export type Token = {
  user: string
  password: string
  /** 16 random bytes. */
  nonce: Buffer
  /** UTC milliseconds on the camera's clock: it refuses a token that looks stale. */
  created: number
  /** Sends the password itself: only where an operator has allowed it for the credential. */
  plain?: boolean | undefined
}

/** Puts a WS-UsernameToken (OASIS WSS UsernameToken Profile 1.0) into an envelope's header. */
export function withToken(soap: string, token: Token): string {
  // Whole seconds, as in the ONVIF Application Programmer's Guide 6.1.1.3: some firmware reads no fraction.
  const created = new Date(token.created).toISOString().replace(/\.\d+Z$/, 'Z')
  const password = token.plain
    ? `<Password Type="${wss}-username-token-profile-1.0#PasswordText">${escapeXml(token.password)}</Password>`
    : `<Password Type="${wss}-username-token-profile-1.0#PasswordDigest">${passwordDigest(token, created)}</Password>`
  const security =
    `<Security s:mustUnderstand="1" xmlns="${wss}-wssecurity-secext-1.0.xsd"><UsernameToken>` +
    `<Username>${escapeXml(token.user)}</Username>${password}` +
    `<Nonce EncodingType="${wss}-soap-message-security-1.0#Base64Binary">${token.nonce.toString('base64')}</Nonce>` +
    `<Created xmlns="${wss}-wssecurity-utility-1.0.xsd">${created}</Created>` +
    `</UsernameToken></Security>`
  return soap.replace(headerStart, () => headerStart + security)
}

/** Base64(SHA-1(nonce + created + password)). */
function passwordDigest(token: Token, created: string): string {
  return createHash('sha1').update(token.nonce).update(created).update(token.password, 'utf8').digest('base64')
}

export type SoapFault = { code: string; subcode: string; text: string; unauthorised: boolean }

/** The Body of an answer, and its Fault when it holds one. Throws `malformed` when it is no SOAP envelope. */
export function readEnvelope(text: string): { envelope: XmlElement; body: XmlElement; fault: SoapFault | undefined } {
  const root = parseXml(text)
  if (root.name !== 'Envelope') throw malformed(`the root element is <${root.name.slice(0, 64)}>, not Envelope`)
  const body = child(root, 'Body')
  if (!body) throw malformed('the envelope has no Body')
  const fault = child(body, 'Fault')
  return { envelope: root, body, fault: fault && readFault(fault) }
}

const refusals = /NotAuthorized|FailedAuthentication|InvalidSecurity|FailedCheck|MessageExpired/i
const refusalTexts = /not\s*authori[sz]ed|unauthori[sz]ed|authority failure|authentication fail|security token/i
const local = (text = '') => text.slice(text.indexOf(':') + 1)

/** SOAP 1.2 faults, and SOAP 1.1 ones, which some firmware sends. */
function readFault(fault: XmlElement): SoapFault {
  const code = local(textAt(fault, 'Code', 'Value') ?? textAt(fault, 'faultcode'))
  let sub = at(fault, 'Code', 'Subcode')
  const subcodes: string[] = []
  for (; sub; sub = child(sub, 'Subcode')) subcodes.push(local(textAt(sub, 'Value')))
  const subcode = subcodes.join('/')
  const text = (textAt(fault, 'Reason', 'Text') ?? textAt(fault, 'faultstring') ?? '').slice(0, 200)
  return { code, subcode, text, unauthorised: refusals.test(subcode) || refusals.test(code) || refusalTexts.test(text) }
}

/** In the subcode where the standard has it; firmware built on gSOAP says it in gSOAP's words alone, without a subcode. */
const unknownCalls = /ActionNotSupported|UnknownAction|method name or namespace not recognized/i

/** The camera speaks ONVIF but does not know the call. */
export const notSupported = (fault: SoapFault): boolean =>
  unknownCalls.test(`${fault.code} ${fault.subcode} ${fault.text}`)

export const faultOf = ({ code, subcode, text }: SoapFault): OnvifFault =>
  new OnvifFault(
    'answers',
    'soap-fault',
    ['the camera answers with a fault:', code, subcode, text].filter(Boolean).join(' '),
  )
