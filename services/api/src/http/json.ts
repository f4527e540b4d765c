/** JSON of an answer in pieces: a list of 20,000 rows is not made into text at one stretch. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import { turn } from '../turn.ts'
import type { JsonParts } from './call.ts'

/** Elements of a list in one piece. */
const piece = 500

/** The same text as `JSON.stringify`. */
export function* piecesOf(value: unknown): Generator<string> {
  if (Array.isArray(value) && value.length > piece) {
    for (let at = 0; at < value.length; at += piece) {
      const part = JSON.stringify(value.slice(at, at + piece)).slice(1, -1)
      yield (at === 0 ? '[' : ',') + part
    }
    yield ']'
  } else if (isLong(value)) {
    let before = '{'
    for (const [key, part] of Object.entries(value)) {
      if (part === undefined) continue
      yield `${before}${JSON.stringify(key)}:`
      yield* piecesOf(part)
      before = ','
    }
    yield '}'
  } else yield JSON.stringify(value)
}

const isLong = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).some((part) => Array.isArray(part) && part.length > piece)

/** Short answers go out whole, with their length. */
export async function sendJson(res: Response, value: unknown): Promise<void> {
  if (isParts(value)) return sendParts(res, value)
  if (!isLong(value) && !(Array.isArray(value) && value.length > piece)) return void res.json(value)
  return sendParts(res, inTurns(value))
}

const isParts = (value: unknown): value is JsonParts =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

async function sendParts(res: Response, parts: AsyncGenerator<string | Uint8Array>): Promise<void> {
  res.set('Content-Type', 'application/json; charset=utf-8')
  await pipeline(Readable.from(parts), res)
}

async function* inTurns(value: unknown): AsyncGenerator<string> {
  for (const text of piecesOf(value)) {
    yield text
    await turn()
  }
}
