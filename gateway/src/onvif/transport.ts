/** One SOAP POST, or one GET: its HTTP framing, and what an HTTP status means. */
import type { Limits, Target } from './connection.ts'
import { OnvifFault } from './fault.ts'
import { decodeBody, type HttpResponse } from './http.ts'

export const defaultLimits: Limits = { deadlineMs: 5_000, connectMs: 2_500, maxBytes: 524_288 }

export type Post = {
  path: string
  /** Absent: a GET. */
  soap?: string
  /** Value of an Authorization header. */
  authorization?: string | undefined
  /** Asks to keep the connection for another call. */
  keepAlive?: boolean
}

/** The bytes of a request, as one string that is written as UTF-8. */
export function requestText(target: Target, post: Post): string {
  const host = target.host.includes(':') ? `[${target.host}]` : target.host
  if (post.soap === undefined)
    return (
      `GET ${post.path} HTTP/1.1\r\nHost: ${host}:${target.port}\r\n` +
      `Connection: ${post.keepAlive ? 'keep-alive' : 'close'}\r\n` +
      `${post.authorization ? `Authorization: ${post.authorization}\r\n` : ''}\r\n`
    )
  return (
    `POST ${post.path} HTTP/1.1\r\nHost: ${host}:${target.port}\r\n` +
    `Content-Type: application/soap+xml; charset=utf-8${actionParameter(post.soap)}\r\nContent-Length: ${Buffer.byteLength(post.soap)}\r\n` +
    `Connection: ${post.keepAlive ? 'keep-alive' : 'close'}\r\n` +
    `${post.authorization ? `Authorization: ${post.authorization}\r\n` : ''}\r\n${post.soap}`
  )
}

/** Some firmware finds the operation by the parameter `action` alone (RFC 3902 2, SOAP 1.2 part 2 6.5.3) and answers 200 with nothing without it. */
function actionParameter(soap: string): string {
  const action = actionOf(soap)
  return action === undefined ? '' : `; action="${action}"`
}

/** The header block `Action` of a call that has one (WS-Addressing); else the operation in its namespace, as ONVIF's WSDL files have it. */
export function actionOf(soap: string): string | undefined {
  const stated = /:Action[^>]*>([^<"\s]+)</.exec(soap)?.[1]
  if (stated !== undefined) return stated
  const [, prefix, name, attributes = ''] = /<s:Body><(?:([\w-]+):)?([\w-]+)([^>]*)>/.exec(soap) ?? []
  if (name === undefined) return undefined
  const declared = new RegExp(`\\sxmlns${prefix === undefined ? '' : `:${prefix}`}="([^"<>\\s]+)"`)
  const namespace = declared.exec(attributes)?.[1] ?? (prefix === undefined ? undefined : declared.exec(soap)?.[1])
  return namespace && `${namespace}/${name}`
}

/** The text of an answer that may hold SOAP (a fault comes with 400, 401 or 500). Redirects and all else are refused. */
export function soapText(response: HttpResponse): string {
  const { status } = response
  if (status >= 300 && status < 400)
    throw new OnvifFault(
      'answers',
      'http-status',
      `HTTP ${status}: a redirect to ${(response.location ?? 'nowhere').slice(0, 120)} is refused`,
    )
  if (status === 401 || status === 403) throw new OnvifFault('authenticated', 'unauthorised', `HTTP ${status}`)
  if (status !== 200 && response.body.length === 0) throw new OnvifFault('answers', 'http-status', `HTTP ${status}`)
  return decodeBody(response)
}
