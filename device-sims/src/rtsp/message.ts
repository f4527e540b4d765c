/** RTSP 1.0 requests out of a byte stream (RFC 2326), interleaved binary data skipped (10.12). */

export type RtspRequest = { method: string; url: string; headers: ReadonlyMap<string, string> }

export class RtspError extends Error {}

const largest = 16_384

/** Feed bytes, get whole requests. Throws RtspError on what is no RTSP. */
export function createRtspReader(): (chunk: Buffer) => RtspRequest[] {
  let held: Buffer = Buffer.alloc(0)
  return (chunk) => {
    held = held.length > 0 ? Buffer.concat([held, chunk]) : chunk
    const requests: RtspRequest[] = []
    for (;;) {
      if (held[0] === 0x24) {
        if (held.length < 4 || held.length < 4 + held.readUInt16BE(2)) return requests
        held = held.subarray(4 + held.readUInt16BE(2))
        continue
      }
      const end = held.indexOf('\r\n\r\n')
      if (end < 0) {
        if (held.length > largest) throw new RtspError(`a request is longer than ${largest} bytes`)
        return requests
      }
      const { length, ...request } = readHead(held.toString('latin1', 0, end))
      if (held.length < end + 4 + length) return requests
      held = held.subarray(end + 4 + length)
      requests.push(request)
    }
  }
}

function readHead(text: string): RtspRequest & { length: number } {
  const [first = '', ...lines] = text.replace(/^(\r\n)+/, '').split('\r\n')
  const match = /^([A-Z_]+) (\S+) RTSP\/1\.0$/.exec(first)
  if (!match) throw new RtspError('no RTSP/1.0 request line')
  const headers = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon <= 0) throw new RtspError('a header has no colon')
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  const length = Number(headers.get('content-length') ?? 0)
  if (!(length >= 0 && length <= largest)) throw new RtspError('content-length is out of range')
  return { method: match[1]!, url: match[2]!, headers, length }
}

const reasons: Record<number, string> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Stream Not Found',
  454: 'Session Not Found',
  455: 'Method Not Valid In This State',
  461: 'Unsupported Transport',
  501: 'Not Implemented',
}

export function writeReply(status: number, cseq: string | undefined, headers: readonly string[], body = ''): Buffer {
  const lines = [`RTSP/1.0 ${status} ${reasons[status]}`, `CSeq: ${cseq ?? 0}`, 'Server: HengyangSims', ...headers]
  if (body) lines.push(`Content-Length: ${Buffer.byteLength(body)}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
