import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import express, { type Request, type Response } from 'express'
import { expect, it } from 'vitest'
import { sendJson } from './json.ts'

const rows = (n: number) => Array.from({ length: n }, (_, i) => ({ i, text: `相机 "${i}"`, none: undefined, at: null }))

it.each([
  ['a short list', rows(3)],
  ['a long list', rows(1_501)],
  ['a list of just one piece', rows(500)],
  ['a long list in an object', { asOf: 1, left: undefined, rows: rows(501), next: null, deep: { rows: rows(2) } }],
  ['two long lists', { a: rows(700), b: rows(1_000) }],
  ['a list of lists', { points: Array.from({ length: 600 }, (_, i) => [i, 'x']) }],
])('%s is what JSON.stringify makes of it', async (_, value) => {
  const app = express()
  app.get('/', (req, res) => sendJson(req, res, value))
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  for (const encoding of ['identity', 'gzip']) {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const answer = await fetch(url, { headers: { 'accept-encoding': encoding } })
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await answer.text()).toBe(JSON.stringify(value))
  }
  await new Promise((resolve) => server.close(resolve))
})

it('waits for a slow reader piece by piece, and leaves nothing behind at each', async () => {
  const got: string[] = []
  let listening = 0
  const slow = new Writable({
    highWaterMark: 8,
    write(chunk: Buffer, _encoding, done) {
      got.push(chunk.toString())
      listening = Math.max(listening, slow.listenerCount('error'), slow.listenerCount('close'))
      setImmediate(done)
    },
  })
  const value = rows(10_001)
  const plain = { acceptsEncodings: () => 'identity' } as unknown as Request
  const res = Object.assign(slow, { set: () => slow, vary: () => slow }) as unknown as Response
  await sendJson(plain, res, value)
  expect(got.join('')).toBe(JSON.stringify(value))
  expect(got.length).toBeGreaterThan(20)
  expect(listening).toBeLessThan(10)
})
