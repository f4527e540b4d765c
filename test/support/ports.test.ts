import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePorts } from './ports.ts'

test('ports are free, no two the same, and none that the kernel would give to another meanwhile', async () => {
  const ports = await freePorts(200)
  expect(new Set(ports).size).toBe(200)
  expect(ports.filter((port) => port >= 32_768)).toEqual([])
  const server = createServer().listen(ports[0], '127.0.0.1')
  await once(server, 'listening')
  server.close()
})
