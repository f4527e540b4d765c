import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { topic } from '@hub/contracts'
import { checkConfig, connectBus, sha256, silentLog } from '@hub/platform'
import { expect, test, vi } from 'vitest'
import { freePort } from '../../../test/support/ports.ts'
import { HubConfig } from './config.ts'
import { chooseModules, startHub } from './hub.ts'
import { modules, rooms } from './modules.ts'

const gateway = '43040500002000000001'

test('--modules names modules of the table, and says which there are', () => {
  expect(chooseModules('ingest,api').map(({ name }) => name)).toEqual(['ingest', 'api'])
  expect(chooseModules(undefined)).toBe(modules)
  expect(modules.map(({ name }) => name)).toEqual([...rooms.map(({ name }) => name), 'api'])
  expect(() => chooseModules('ingest,web')).toThrow(/^--modules is web: must be among access, registry, .*, api$/)
})

test('the hub starts, takes a gateway in on its first day, and stops cleanly; started again it is the same hub', async () => {
  const data = mkdtempSync(join(tmpdir(), 'hub-'))
  const port = await freePort()
  const config = checkConfig(HubConfig, {
    data,
    http: { port: 0 },
    bus: { mode: 'embedded', port },
    log: { level: 'silent' },
    adminPassword: 'a password for tests',
    gateways: [{ id: gateway, name: 'one', districts: ['430405'], passwordHash: sha256('secret') }],
  })
  try {
    for (const seq of [1, 1, 2]) {
      const hub = await startHub(config)
      const url = `mqtt://127.0.0.1:${port}`
      const bus = connectBus({ log: silentLog, clientId: gateway, user: gateway, password: 'secret', url })
      const acks: unknown[] = []
      await bus.subscribe(topic('acks', { gateway }), ({ payload }) => void acks.push(JSON.parse(payload.toString())))
      const look = {
        device: '43040500001320000001',
        at: 1,
        kind: 'probe',
        verdict: 'pass',
        rung: 'decodes',
        every: 30_000,
      }
      await bus.publish(
        topic('observations', { gateway }),
        JSON.stringify({ v: 1, gateway, epoch: 1, seq, observations: [look] }),
      )
      await vi.waitFor(() => expect(acks).toMatchObject([{ v: 1, gateway, epoch: 1, seq }]), {
        timeout: 5_000,
        interval: 10,
      })
      await bus.close()
      await hub.stop()
    }
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
})

test('a port that is taken fails the start, and nothing stays open', async () => {
  const data = mkdtempSync(join(tmpdir(), 'hub-'))
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as { port: number }
  const config = checkConfig(HubConfig, { data, bus: { mode: 'embedded', port }, log: { level: 'silent' } })
  try {
    await expect(startHub(config)).rejects.toThrow('EADDRINUSE')
  } finally {
    await new Promise((resolve) => taken.close(resolve))
    rmSync(data, { recursive: true, force: true })
  }
})
