/**
 * Reader of one HTTP/1.1 answer (RFC 9112), or of one RTSP/1.0 answer (RFC 2326), which has the same form: content-length, chunked, until close, 100 Continue skipped. It is fed bytes
 * and does no I/O. What grows past its caps is refused before it is kept.
 */
import { malformed, OnvifFault } from './fault.ts'

export type HttpResponse = {
  status: number
  /** Values of each `WWW-Authenticate` line, in order. */
  challenges: string[]
  contentType: string
  location: string | undefined
  /**
   * Whether the server says that it leaves the connection open. HTTP/1.1 implies it by silence, but cameras close silently
   * too, and a login that is sent into a closing connection may count as a try.
   */
  keepAlive: boolean
  body: Buffer
}

/** What was read off an answer without taking it apart, and the bytes of its body. */
export type PartialResponse = { bytes: number; value: number }

/** No camera needs more for its headers. */
const maxHeadBytes = 16_384
const empty = Buffer.alloc(0)

export type Protocol = 'HTTP' | 'RTSP'
type Body = 'length' | 'chunked' | 'close'

export class ResponseReader {
  readonly #maxBody: number
  readonly #protocol: Protocol
  /** Bytes that arrived and are not consumed yet (head or chunk lines). */
  #pending: Buffer = empty
  #response: HttpResponse | undefined
  #mode: Body = 'close'
  /** Bytes still to come, of the body or of the chunk. -1: a chunk line comes next. -2: trailers. */
  #left = 0
  /** One buffer that doubles: a body in a million one-byte chunks costs no more than the cap. */
  #body: Buffer = empty
  #size = 0
  #done = false

  /** @param maxBody cap of the body, bytes. */
  constructor(maxBody: number, protocol: Protocol = 'HTTP') {
    this.#maxBody = maxBody
    this.#protocol = protocol
  }

  /** Whether any byte has come. */
  get begun(): boolean {
    return this.#response !== undefined || this.#pending.length > 0
  }

  /** Feeds bytes, which are copied if they are kept. Returns the answer once it is whole. */
  feed(bytes: Buffer): HttpResponse | undefined {
    if (this.#done) return this.#response
    let rest = this.#pending.length > 0 ? Buffer.concat([this.#pending, bytes]) : bytes
    this.#pending = empty
    if (!this.#response) {
      const after = this.#head(rest)
      if (after === undefined) {
        if (rest.length > maxHeadBytes)
          throw new OnvifFault('answers', 'too-large', `headers of more than ${maxHeadBytes} bytes`)
        this.#pending = Buffer.from(rest)
        return undefined
      }
      rest = rest.subarray(after)
    }
    if (this.#mode === 'chunked') this.#chunks(rest)
    else {
      this.#take(this.#mode === 'length' ? rest.subarray(0, this.#left) : rest)
      if (this.#mode === 'length') {
        this.#left -= Math.min(this.#left, rest.length)
        this.#done = this.#left === 0
      }
    }
    return this.#done ? this.#finish() : undefined
  }

  /** The peer closed. Returns the answer that only the close ends; throws when bytes are missing. */
  end(): HttpResponse {
    if (this.#response && (this.#done || this.#mode === 'close')) return this.#finish()
    if (!this.begun) throw new OnvifFault('answers', 'reset', 'the camera closed the connection without an answer')
    throw malformed(`the camera closed the connection inside the ${this.#response ? 'body' : 'headers'}`)
  }

  #finish(): HttpResponse {
    this.#done = true
    const response = this.#response!
    response.body = this.#body.subarray(0, this.#size)
    if (this.#mode === 'close') response.keepAlive = false
    return response
  }

  #take(bytes: Buffer): void {
    if (bytes.length === 0) return
    const size = this.#size + bytes.length
    if (size > this.#maxBody) throw new OnvifFault('answers', 'too-large', `a body of more than ${this.#maxBody} bytes`)
    if (size > this.#body.length) {
      const grown = Buffer.allocUnsafe(Math.max(size, Math.min(this.#maxBody, 2 * this.#body.length)))
      this.#body.copy(grown, 0, 0, this.#size)
      this.#body = grown
    }
    bytes.copy(this.#body, this.#size)
    this.#size = size
  }

  /** Returns the offset after the head, or undefined while it is incomplete. */
  #head(bytes: Buffer): number | undefined {
    let from = 0
    for (;;) {
      let end = bytes.indexOf('\r\n\r\n', from, 'latin1')
      let after = end + 4
      if (end < 0) {
        end = bytes.indexOf('\n\n', from, 'latin1')
        after = end + 2
      }
      if (end < 0) {
        if (bytes.length - from >= 5 && bytes.toString('latin1', from, from + 5) !== `${this.#protocol}/`)
          throw malformed(`the answer is not ${this.#protocol}`)
        return undefined
      }
      const head = bytes.toString('latin1', from, end)
      const match = /^(HTTP|RTSP)\/1\.[01] (\d{3})(?: |\r?$|\r?\n)/.exec(head)
      if (match?.[1] !== this.#protocol) throw malformed(`the answer is not ${this.#protocol}`)
      const status = Number(match[2])
      if (status >= 100 && status < 200) {
        from = after
        continue
      }
      this.#begin(status, head)
      return after
    }
  }

  #begin(status: number, head: string): void {
    const response: HttpResponse = {
      status,
      challenges: [],
      contentType: '',
      location: undefined,
      keepAlive: this.#protocol === 'RTSP',
      body: empty,
    }
    let length: number | undefined
    for (let start = head.indexOf('\n') + 1; start > 0; start = head.indexOf('\n', start) + 1) {
      const colon = head.indexOf(':', start)
      if (colon < 0) break
      const name = head.slice(start, colon)
      // The colon is of a later line.
      if (name === '' || name.includes('\n')) continue
      const end = head.indexOf('\n', colon)
      const value = head.slice(colon + 1, end < 0 ? head.length : end).trim()
      switch (name.trim().toLowerCase()) {
        case 'content-length': {
          const bytes = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
          if (Number.isNaN(bytes) || (length !== undefined && length !== bytes))
            throw malformed(`Content-Length is ${value.slice(0, 40)}`)
          length = bytes
          break
        }
        case 'transfer-encoding':
          if (/\bchunked$/i.test(value)) this.#mode = 'chunked'
          break
        case 'connection':
          response.keepAlive = /\bkeep-alive\b/i.test(value)
          break
        case 'www-authenticate':
          response.challenges.push(value)
          break
        case 'content-type':
          response.contentType = value
          break
        case 'location':
          response.location = value
          break
      }
    }
    this.#response = response
    // RFC 9112 6.3: chunked overrides a length.
    if (this.#mode === 'chunked') this.#left = -1
    else if (length !== undefined || status === 204 || status === 304 || this.#protocol === 'RTSP') {
      if ((length ?? 0) > this.#maxBody)
        throw new OnvifFault('answers', 'too-large', `a body of ${length} bytes, more than ${this.#maxBody}`)
      this.#mode = 'length'
      this.#left = length ?? 0
    }
  }

  #chunks(bytes: Buffer): void {
    let at = 0
    while (!this.#done) {
      if (this.#left > 0) {
        const part = bytes.subarray(at, at + this.#left)
        if (part.length === 0) return
        this.#take(part)
        at += part.length
        this.#left -= part.length
        if (this.#left === 0) this.#left = -1
        continue
      }
      const newline = bytes.indexOf(10, at)
      if (newline < 0) {
        if (bytes.length - at > 1024) throw malformed('a chunk line of more than 1024 bytes')
        this.#pending = Buffer.from(bytes.subarray(at))
        return
      }
      const line = bytes.toString('latin1', at, newline).trim()
      at = newline + 1
      if (this.#left === -2) this.#done = line === ''
      else if (line !== '') this.#chunkLine(line)
    }
  }

  /** An empty line ends the chunk before; any other is the size of the next. */
  #chunkLine(line: string): void {
    const size = /^([\da-f]{1,8})(?:\s*;.*)?$/i.exec(line)?.[1]
    if (size === undefined) throw malformed(`a chunk size is ${line.slice(0, 40)}`)
    const bytes = Number.parseInt(size, 16)
    this.#left = bytes === 0 ? -2 : bytes
  }
}

const gb18030 = new TextDecoder('gb18030')
const utf16 = [new TextDecoder('utf-16le'), new TextDecoder('utf-16be')] as const
const charsetOf = (text: string) => /(?:charset|encoding)\s*=\s*["']?\s*(gb18030|gbk|gb2312)/i.test(text)

/**
 * What a camera says as text: by its byte-order mark, which is right whatever is declared; else GB 18030 when the header or the XML
 * declaration names it or an ancestor of it; else UTF-8.
 */
export function decodeBody({ body, contentType = '' }: { body: Buffer; contentType?: string }): string {
  const [first, second] = body
  if (first === 0xef && second === 0xbb && body[2] === 0xbf) return body.toString('utf8', 3)
  if (first === 0xff && second === 0xfe) return utf16[0].decode(body)
  if (first === 0xfe && second === 0xff) return utf16[1].decode(body)
  if (charsetOf(contentType) || charsetOf(body.toString('latin1', 0, 100))) return gb18030.decode(body)
  return body.toString('utf8')
}
