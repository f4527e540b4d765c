/** What a stranger, a slow one, or one with too many windows gets; and how small an answer is. */
import { request } from 'node:http'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { apiBase } from '@hub/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { camera, type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import { nameIn } from './host.ts'

let hub: Hub
const devices = 720
/** As little alike as devices of a city are. */
const varied = (n: number) => {
  const random = (k: number) => (Math.imul(n + 1, 1_664_525 + k) >>> 0) % 100_000
  return {
    name: `${['蒸湘', '珠晖', '雁峰', '石鼓'][n % 4]}区${random(1)}号路口${n}`,
    ipAddress: `10.${random(2) % 250}.${random(3) % 250}.${random(4) % 250}`,
    longitude: 112.5 + random(5) / 1e6,
    latitude: 26.8 + random(6) / 1e6,
  }
}
beforeAll(async () => {
  hub = await startHub({}, { http: { port: 0, hosts: ['hub.example.cn', '.below.cn'] } })
  const id = (n: number) => `4304050000132${String(n).padStart(7, '0')}`
  await hub.importRecords(Array.from({ length: devices }, (_, n) => camera(id(n + 1), varied(n))))
})
afterAll(() => hub.stop())

/** Not by fetch: it says its own Host, and unpacks what comes. */
function raw(
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; bytes: Buffer; encoding?: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; bytes: Buffer; encoding?: string }>()
  request({ host: '127.0.0.1', port: hub.api.port, path, headers }, async (res) =>
    resolve({
      status: res.statusCode!,
      bytes: Buffer.concat(await res.toArray()),
      ...(res.headers['content-encoding'] && { encoding: res.headers['content-encoding'] }),
    }),
  )
    .on('error', reject)
    .end()
  return promise
}

it.each([
  ['127.0.0.1:8080', 404],
  ['[::1]:8080', 404],
  ['10.9.8.7', 404],
  ['localhost', 404],
  ['Hub.Example.CN:443', 404],
  ['hub.example.cn.', 404],
  ['a.below.cn', 404],
  ['below.cn', 421],
  ['evil.example', 421],
  ['127.0.0.1.evil.example', 421],
  ['xbelow.cn', 421],
])(
  'a question for %s is answered with %i: a name that is not ours may have been made to point here',
  async (host, status) => {
    expect((await raw(`${apiBase}/nowhere`, { host })).status).toBe(status)
  },
)

it('machines that watch the hub may ask by any name', async () => {
  expect((await raw('/healthz', { host: 'hub' })).status).toBe(200)
})

it.each([
  ['[2001:db8::1]:80', '2001:db8::1'],
  ['A.b.', 'a.b'],
  ['a:', 'a'],
])('the name in %s is %s', (host, name) => expect(nameIn(host)).toBe(name))

it('a list of devices comes compressed to who takes it: a sixth of it, or less', async () => {
  await hub.login('oper')
  const cookie = hub.cookie('oper')
  const path = `${apiBase}/devices?limit=${devices}`
  const host = 'localhost'
  const plain = await raw(path, { cookie, host })
  const packed = await raw(path, { cookie, host, 'accept-encoding': 'gzip, deflate, br' })
  expect([plain.encoding, packed.encoding]).toEqual([undefined, 'gzip'])
  expect(plain.bytes.length).toBeGreaterThan(200_000)
  expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 6)
  const costs = [1, 6].map((level) => {
    const began = performance.now()
    const { length } = gzipSync(plain.bytes, { level })
    return `level ${level}: ${length} bytes in ${(performance.now() - began).toFixed(1)} ms`
  })
  console.log(
    `/devices of ${devices}: ${plain.bytes.length} bytes, ${packed.bytes.length} compressed; ${costs.join(', ')}`,
  )
  const small = await raw(`${apiBase}/session`, { cookie, host, 'accept-encoding': 'gzip' })
  expect(small.encoding).toBeUndefined()
})

it('a session may have sixteen live streams, and a user sixty-four', async () => {
  const streams = await Promise.all(Array.from({ length: 17 }, () => hub.openStream('oper')))
  expect(streams.map(({ status }) => status).sort()).toEqual([...Array(16).fill(200), 429])
  for (const stream of streams) await stream.close()
  await expect
    .poll(async () => {
      const stream = await hub.openStream('oper')
      await stream.close()
      return stream.status
    })
    .toBe(200)
})

it('headers that come in drips are cut off, and not after 26 s as Node does it', { timeout: 30_000 }, async () => {
  const began = performance.now()
  await new Promise<void>((resolve) => {
    const socket = connect(hub.api.port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n')
    const drip = setInterval(() => socket.write('X: y\r\n'), 300)
    socket
      .on('error', () => {})
      .on('close', () => {
        clearInterval(drip)
        resolve()
      })
    socket.resume()
  })
  expect(performance.now() - began).toBeLessThan(15_000)
})
