/** JSON of an answer in pieces: a list of 20,000 rows is not made into text at one stretch. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isLong, type JsonParts, piece, piecesOf, yieldToEventLoop } from '@hub/platform'
import type { Request, Response } from 'express'
import { compressing, sendCompressed } from './compress.ts'

/** Short answers go out whole, with their length. */
export async function sendJson(req: Request, res: Response, value: unknown): Promise<void> {
  res.set('Content-Type', 'application/json; charset=utf-8')
  if (isParts(value)) return sendParts(req, res, value)
  if (!isLong(value) && !(Array.isArray(value) && value.length > piece))
    return sendCompressed(req, res, JSON.stringify(value))
  return sendParts(req, res, inSlices(value))
}

const isParts = (value: unknown): value is JsonParts =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

async function sendParts(req: Request, res: Response, parts: AsyncGenerator<string | Uint8Array>): Promise<void> {
  await pipeline([Readable.from(parts), ...compressing(req, res), res])
}

async function* inSlices(value: unknown): AsyncGenerator<string> {
  for (const text of piecesOf(value)) {
    yield text
    await yieldToEventLoop()
  }
}
