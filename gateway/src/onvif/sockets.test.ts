import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Line, openLine } from './sockets.ts'

let server: Server
let port: number
/** Connections that the server has, in order. */
let accepted: Socket[]
beforeEach(async () => {
  accepted = []
  server = createServer((socket) => void accepted.push(socket.on('error', () => {})))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterEach(() => {
  for (const socket of accepted) socket.destroy()
  server.close()
})

/** Opens a line and notes what it tells. */
function open(to = port) {
  const told: string[] = []
  const waiting: { what: string; resolve: () => void }[] = []
  const tell = (what: string) => {
    told.push(what)
    for (const { resolve } of waiting.filter((w) => what.startsWith(w.what))) resolve()
  }
  const line: Line = openLine('127.0.0.1', to, {
    connected: () => tell('connected'),
    read: (bytes) => tell(`read ${bytes}`),
    failed: ({ code }) => tell(`failed ${code}`),
    closed: () => tell('closed'),
  })
  const until = (what: string) =>
    told.some((t) => t.startsWith(what))
      ? Promise.resolve()
      : new Promise<void>((resolve) => waiting.push({ what, resolve }))
  return { line, told, until }
}
const acceptedAs = async (index: number): Promise<Socket> => {
  await expect.poll(() => accepted[index]).toBeDefined()
  return accepted[index]!
}

test('a hundred connections, one after the other, are each a fresh one and carry their own bytes', async () => {
  const ports = new Set<number>()
  for (let n = 0; n < 100; n++) {
    const { line, until, told } = open()
    await until('connected')
    line.write(`ask ${n}`)
    const camera = await acceptedAs(n)
    ports.add(camera.remotePort!)
    expect(String((await once(camera, 'data'))[0])).toBe(`ask ${n}`)
    camera.write(`say ${n}`)
    await until('read')
    line.drop()
    await once(camera, 'close')
    expect(told).toEqual(['connected', `read say ${n}`])
  }
  expect(ports.size).toBe(100)
})

test('what comes after a drop is told to nobody, least of all to who connects next', async () => {
  const first = open()
  await first.until('connected')
  const camera = await acceptedAs(0)
  first.line.drop()
  camera.write('late')
  await once(camera, 'close')
  const second = open()
  await second.until('connected')
  ;(await acceptedAs(1)).write('own')
  await second.until('read')
  second.line.drop()
  expect(first.told).toEqual(['connected'])
  expect(second.told).toEqual(['connected', 'read own'])
})

test('a drop while it still connects leaves the next connection alone', async () => {
  for (let n = 0; n < 20; n++) {
    const given = open()
    given.line.drop()
    await new Promise((resolve) => setImmediate(resolve))
    const next = open()
    await next.until('connected')
    next.line.drop()
    expect(given.told).toEqual([])
    expect(next.told).toEqual(['connected'])
  }
})

test('the far end closes, resets or refuses: each is told once, and the next connection stands', async () => {
  const closed = open()
  ;(await acceptedAs(0)).end()
  await closed.until('closed')
  expect(closed.told).toEqual(['connected', 'closed'])

  const reset = open()
  await reset.until('connected')
  ;(await acceptedAs(1)).resetAndDestroy()
  await reset.until('closed')
  expect(reset.told).toEqual(['connected', 'failed ECONNRESET', 'closed'])

  const refusing = createServer().listen(0, '127.0.0.1')
  await once(refusing, 'listening')
  const { port: nobody } = refusing.address() as AddressInfo
  refusing.close()
  await once(refusing, 'close')
  const refused = open(nobody)
  await refused.until('closed')
  expect(refused.told).toEqual(['failed ECONNREFUSED', 'closed'])

  const after = open()
  await after.until('connected')
  after.line.drop()
  expect(after.told).toEqual(['connected'])
})

test('two hundred at a time', async () => {
  const lines = Array.from({ length: 200 }, () => open())
  await Promise.all(lines.map(({ until }) => until('connected')))
  await expect.poll(() => accepted.length).toBe(200)
  for (const [index, camera] of accepted.entries()) camera.end(`${index}`)
  await Promise.all(lines.map(({ until }) => until('closed')))
  // Each has read one answer, and no two the same.
  expect(new Set(lines.map(({ told }) => told.join(' '))).size).toBe(200)
})
