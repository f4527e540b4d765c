import { createServer } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { generateFleet } from '../fleet/generate.ts'
import { createSensor } from './sensor.ts'

const refusal = Buffer.from([0x20, 0x02, 0x00, 0x05])
const welcome = Buffer.from([0x20, 0x02, 0x00, 0x00])

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
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
      ...{ spec: spec!, broker, password: 'p', periodMs: 60_000, clock: systemClock, onConnect },
      reconnectMs: 20,
    })
    ends.push(() => sensor.begin('power-off', undefined))
  })
  expect(logins).toBe(3)
})
