/** HTTP/1.1, the server's half, as much as a camera needs: requests out of a byte stream, answers into one. */

export type HttpRequest = {
  method: string
  target: string
  /** By lower-case name; of a repeated one, the last. */
  headers: ReadonlyMap<string, string>
  body: Buffer
  keepAlive: boolean
}

export type HttpAnswer = {
  status: number
  type?: string
  headers?: readonly string[]
  body: string | Buffer
}

/** What the peer did wrong; the connection ends with this status. */
export class HttpError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const largestHead = 16_384
const largestBody = 262_144
const none = Buffer.alloc(0)

/** Feed bytes, get whole requests. Throws HttpError. `onContinue` is called when the client waits for 100. */
export function createHttpReader(onContinue: () => void): (chunk: Buffer) => HttpRequest[] {
  let held: Buffer = none
  let continued = false
  return (chunk) => {
    held = held.length > 0 ? Buffer.concat([held, chunk]) : chunk
    const requests: HttpRequest[] = []
    for (;;) {
      const end = held.indexOf('\r\n\r\n')
      if (end < 0) {
        if (held.length > largestHead) throw new HttpError(431, `the head is longer than ${largestHead} bytes`)
        return requests
      }
      const head = readHead(held.toString('latin1', 0, end))
      const found = readBody(held, end + 4, head.headers)
      if (!found) {
        if (!continued && head.headers.get('expect')?.toLowerCase() === '100-continue') {
          continued = true
          onContinue()
        }
        return requests
      }
      continued = false
      requests.push({ ...head, body: found.body })
      held = held.subarray(found.next)
    }
  }
}

function readHead(text: string): Omit<HttpRequest, 'body'> {
  const [first = '', ...lines] = text.split('\r\n')
  const match = /^([A-Z]+) (\S+) HTTP\/1\.([01])$/.exec(first)
  if (!match) throw new HttpError(400, 'no HTTP/1 request line')
  const headers = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon <= 0) throw new HttpError(400, 'a header has no colon')
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  const connection = headers.get('connection')?.toLowerCase() ?? ''
  const keepAlive = match[3] === '1' ? !connection.includes('close') : connection.includes('keep-alive')
  return { method: match[1]!, target: match[2]!, headers, keepAlive }
}

/** The body and where the next request begins; undefined when bytes are missing. */
function readBody(
  held: Buffer,
  from: number,
  headers: ReadonlyMap<string, string>,
): { body: Buffer; next: number } | undefined {
  if (headers.get('transfer-encoding')?.toLowerCase() === 'chunked') return readChunks(held, from)
  const declared = headers.get('content-length') ?? '0'
  if (!/^\d{1,9}$/.test(declared)) throw new HttpError(400, 'content-length is no number')
  const length = Number(declared)
  if (length > largestBody) throw new HttpError(413, `the body is larger than ${largestBody} bytes`)
  return held.length < from + length ? undefined : { body: held.subarray(from, from + length), next: from + length }
}

function readChunks(held: Buffer, from: number): { body: Buffer; next: number } | undefined {
  const parts: Buffer[] = []
  let size = 0
  for (let at = from; ; ) {
    const line = held.indexOf('\r\n', at)
    if (line < 0) return undefined
    const length = Number.parseInt(held.toString('latin1', at, line), 16)
    if (!(length >= 0)) throw new HttpError(400, 'a chunk has no size')
    size += length
    if (size > largestBody) throw new HttpError(413, `the body is larger than ${largestBody} bytes`)
    at = line + 2 + length + 2
    if (held.length < at) return undefined
    if (length === 0) return { body: Buffer.concat(parts), next: at }
    parts.push(held.subarray(line + 2, line + 2 + length))
  }
}

const reasons: Record<number, string> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Payload Too Large',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
}

export type Framing = 'length' | 'chunked' | 'close'

/** Bytes of one chunk: small enough to cut names in two. */
const chunkSize = 97

export function writeAnswer(answer: HttpAnswer, keepAlive: boolean, framing: Framing = 'length'): Buffer {
  const { status, type, headers = [], body } = answer
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  let head = `HTTP/1.1 ${status} ${reasons[status] ?? 'Error'}\r\nServer: HengyangSims\r\n`
  for (const header of headers) head += `${header}\r\n`
  if (type) head += `Content-Type: ${type}\r\n`
  if (framing === 'length') head += `Content-Length: ${bytes.length}\r\n`
  if (framing === 'chunked') head += 'Transfer-Encoding: chunked\r\n'
  head += `Connection: ${keepAlive && framing !== 'close' ? 'keep-alive' : 'close'}\r\n\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), ...(framing === 'chunked' ? chunks(bytes) : [bytes])])
}

function* chunks(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += chunkSize) {
    const part = bytes.subarray(at, at + chunkSize)
    yield Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')])
  }
  yield Buffer.from('0\r\n\r\n')
}
