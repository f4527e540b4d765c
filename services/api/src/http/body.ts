/** Bodies, read with a limit before anything parses them. */
import { HubError, limitText } from '@hub/contracts'
import type { Request } from 'express'

export const jsonLimit = 1_048_576

/** @throws HubError `request.too-large` as soon as the limit is passed; what follows is not read. */
export async function readBody(req: Request, limit: number): Promise<Buffer> {
  const tooLarge = new HubError('request.too-large', { limit })
  if (Number(req.headers['content-length'] ?? 0) > limit) throw tooLarge
  const parts: Buffer[] = []
  let length = 0
  for await (const part of req as AsyncIterable<Buffer>) {
    length += part.length
    if (length > limit) throw tooLarge
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** The media type, without its parameters. */
const typeOf = (req: Request): string => req.headers['content-type']?.split(';')[0]?.trim().toLowerCase() || 'missing'

/** @throws HubError `request.invalid` unless the body is of one of these media types */
export function requireFile(req: Request, types: readonly string[]): void {
  const value = typeOf(req)
  if (!types.includes(value))
    throw new HubError('request.invalid', {
      field: 'content-type',
      value,
      limit: limitText('be-type', { type: types.join(', ') }),
    })
}

/** @throws HubError `request.not-json`; says where, and never quotes the body: it may hold a password. */
export async function readJson(req: Request): Promise<unknown> {
  const type = typeOf(req)
  if (type !== 'application/json')
    throw new HubError('request.not-json', { limit: limitText('content-type', { type }) })
  const bytes = await readBody(req, jsonLimit)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new HubError('request.not-json', { limit: limitText('not-utf8') })
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new HubError('request.not-json', { limit: syntaxFault(String(error)) })
  }
}

/** Only what V8 says about the place: the rest of its message quotes the text. */
function syntaxFault(message: string): string {
  const position = /at position (\d+)/.exec(message)?.[1]
  if (/Unexpected end|Unterminated/.test(message)) return limitText('ends-early')
  return position ? limitText('wrong-at', { position }) : limitText('wrong-syntax')
}
