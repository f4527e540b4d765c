/** Bodies, read with a limit before anything looks at them. */
import { HubError } from '@hub/contracts'
import type { Request } from 'express'

export const jsonLimit = 1_048_576
export const csvLimit = 33_554_432

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

/** Checks the media type, ignoring its parameters. */
export function requireType(req: Request, type: string, code: 'request.not-json' | 'request.invalid'): void {
  const given = req.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? 'missing'
  if (given === type) return
  if (code === 'request.not-json') throw new HubError(code, { limit: `content-type is ${given}` })
  throw new HubError(code, { field: 'content-type', value: given, limit: `must be ${type}` })
}

/** @throws HubError `request.not-json`; says where, and never quotes the body: it may hold a password. */
export async function readJson(req: Request): Promise<unknown> {
  requireType(req, 'application/json', 'request.not-json')
  const bytes = await readBody(req, jsonLimit)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new HubError('request.not-json', { limit: 'not UTF-8' })
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
  if (/Unexpected end|Unterminated/.test(message)) return 'it ends too early'
  return position ? `wrong at position ${position}` : 'wrong syntax'
}
