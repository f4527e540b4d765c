import { createServer } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { systemClock } from '../clock.ts'
import { generateFleet } from '../fleet/generate.ts'
import { createSensor, garbled, type Sensor } from './sensor.ts'

const refusal = Buffer.from([0x20, 0x02, 0x00, 0x05])
const welcome = Buffer.from([0x20, 0x02, 0x00, 0x00])

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

it('a sensor that babbles reports so many times as often, until the fault ends', async () => {
  let reports = 0
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.write(welcome))
    socket.on('data', (bytes) => {
      reports += bytes.toString('latin1').split('/telemetry').length - 1
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => server.close())
  const { port } = server.address() as { port: number }
  const [spec] = generateFleet({ seed: 1, cameras: 0, sensors: 1 }).sensors
  const sensor = await new Promise<Sensor>((resolve) => {
    const made = createSensor({
      spec: spec!,
      broker: { host: '127.0.0.1', port },
      password: 'p',
      periodMs: 60_000,
      clock: systemClock,
      onConnect: () => resolve(made),
    })
    ends.push(() => made.begin('power-off', undefined))
  })
  sensor.begin('babbling', 1_000)
  await vi.waitFor(() => expect(reports).toBeGreaterThan(5), 10_000)
  sensor.end('babbling')
  await new Promise((resolve) => setTimeout(resolve, 150))
  const before = reports
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(reports).toBe(before)
})

it('a garbled report is no JSON: its first value is no number, the others stand', () => {
  const text = garbled({ at: 1_800_000_000_000, values: { pm25: 35.5, noise: 60 } })
  expect(text).toBe('{"at":1800000000000,"fw":"1.0.3","values":{"pm25":NaN,"noise":60}}')
  expect(() => JSON.parse(text)).toThrow()
})

it('a sensor that is refused goes on trying until its gateway knows it', async () => {
  let logins = 0
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      if (++logins > 2) socket.write(welcome)
      else socket.end(refusal)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => server.close())
  const { port } = server.address() as { port: number }
  const [spec] = generateFleet({ seed: 1, cameras: 0, sensors: 1 }).sensors
  await new Promise<void>((onConnect) => {
    const broker = { host: '127.0.0.1', port }
    const sensor = createSensor({
      spec: spec!,
      broker,
      password: 'p',
      periodMs: 60_000,
      clock: systemClock,
      onConnect,
      reconnectMs: 20,
    })
    ends.push(() => sensor.begin('power-off', undefined))
  })
  expect(logins).toBe(3)
})
