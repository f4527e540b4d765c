/** One SOAP POST: its HTTP framing, and what an HTTP status means. */
import type { Limits, Target } from './connection.ts'
import { OnvifFault } from './fault.ts'
import { decodeBody, type HttpResponse } from './http.ts'

export const defaultLimits: Limits = { deadlineMs: 5_000, connectMs: 2_500, maxBytes: 524_288 }

export type Post = {
  path: string
  soap: string
  /** Value of an Authorization header. */
  authorization?: string | undefined
  /** Asks to keep the connection for another call. */
  keepAlive?: boolean
}

/** The bytes of a request, as one string that is written as UTF-8. */
export function requestText(target: Target, post: Post): string {
  const host = target.host.includes(':') ? `[${target.host}]` : target.host
  return (
    `POST ${post.path} HTTP/1.1\r\nHost: ${host}:${target.port}\r\n` +
    `Content-Type: application/soap+xml; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(post.soap)}\r\n` +
    `Connection: ${post.keepAlive ? 'keep-alive' : 'close'}\r\n` +
    `${post.authorization ? `Authorization: ${post.authorization}\r\n` : ''}\r\n${post.soap}`
  )
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
