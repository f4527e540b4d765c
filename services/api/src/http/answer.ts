/** What a handler gave, as HTTP. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Download, SessionChange } from '@hub/platform'
import type { Request, Response } from 'express'
import { compressing } from './compress.ts'
import { writeToken } from './cookie.ts'
import { sendJson } from './json.ts'

export async function send(req: Request, res: Response, given: unknown): Promise<void> {
  if (given instanceof Download) return sendFile(req, res, given)
  if (given instanceof SessionChange) {
    writeToken(req, res, given.token, given.maxAgeSeconds)
    return send(req, res, given.value)
  }
  if (given === undefined) return void res.status(204).end()
  await sendJson(req, res.vary('Accept-Language'), given)
}

async function sendFile(req: Request, res: Response, { type, name, content, length }: Download): Promise<void> {
  res.set('Content-Type', type)
  res.set('Content-Disposition', disposition(name.full, name.ascii))
  if (typeof content === 'string' || content instanceof Uint8Array)
    return sendWhole(req, res, Buffer.from(content as Uint8Array))
  if (length !== undefined) res.set('Content-Length', String(length))
  // A length that is said is held to.
  const through = length === undefined && type.startsWith('text/') ? compressing(req, res) : []
  await pipeline([Readable.from(content), ...through, res])
}

/** With its digest: whoever asks for a feed again and again is told by 304 that he has it. */
function sendWhole(req: Request, res: Response, bytes: Buffer): void {
  const tag = `"${createHash('sha256').update(bytes).digest('base64url')}"`
  res.set('ETag', tag)
  const held = (req.headers['if-none-match'] ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''))
  if (req.method === 'GET' && (held.includes(tag) || held.includes('*'))) return void res.status(304).end()
  res.send(bytes)
}

/** RFC 6266: an ASCII name for old programs; beside it, where there is another, the real one percent-encoded (RFC 8187). */
function disposition(full: string, ascii = full): string {
  const plain = `attachment; filename="${ascii}"`
  if (full === ascii) return plain
  const encoded = encodeURIComponent(full).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `${plain}; filename*=UTF-8''${encoded}`
}
