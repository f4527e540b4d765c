import { zstdCompressSync } from 'node:zlib'
import { rawKeptFrom } from '@hub/core'
import { tablesOf } from '@hub/platform'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { camera, cameraA, cameraB, gatewayA, gatewayB, type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import type { IngestTables } from '../tables.ts'

describe('observations under an interval', () => {
  let hub: Hub
  const t0 = 1_700_000_000_000
  const look = (device: string, at: number) => ({
    device,
    at,
    kind: 'probe',
    verdict: 'pass',
    rung: 'answers',
    every: 30_000,
  })
  beforeAll(async () => {
    hub = await startHub()
    await hub.importRecords([camera(cameraA), camera(cameraB)])
    await hub.record.sqlite
      .prepare('INSERT INTO device_binding (device, gateway, every_ms) VALUES (?, ?, 30000)')
      .run(cameraA, gatewayA)
    let id = 0
    const put = (gateway: string, observations: ReturnType<typeof look>[]) => {
      const times = observations.map((o) => o.at)
      const payload = zstdCompressSync(JSON.stringify({ v: 1, gateway, epoch: 1, seq: ++id, observations }))
      const rest = { epoch: 1, seq: id, count: observations.length, received_at: t0, payload }
      const values = { id, gateway, first_at: Math.min(...times), last_at: Math.max(...times), ...rest }
      return hub.record.db.insertInto('batch').values(values).execute()
    }
    // A late one comes last; one that is wide begins long before the period.
    for (let n = 0; n < 40; n++) await put(gatewayA, [look(cameraA, t0 + n * 1_000), look(cameraB, t0 + n * 1_000)])
    await put(gatewayA, [look(cameraA, t0 - 100_000), look(cameraA, t0 + 500)])
    await put(gatewayB, [look(cameraB, t0 + 700)])
    await hub.record.db.insertInto('setting').values({ room: 'ingest', key: 'span', value: '100500' }).execute()
    const run = { fresh_until: 0, count: 7, verdict: 'fail', rung: 'reachable', reason: 'timeout', heads: '[]' }
    const runs = [t0 - 9_000, t0 - 2_000, t0 + 5_000, t0 + 90_000]
    for (const first_at of runs)
      await tablesOf<IngestTables>(hub.record)
        .db.insertInto('probe_run')
        .values({ ...run, device: cameraA, first_at, last_at: first_at + 2_000 })
        .execute()
  })
  afterAll(() => hub.stop())
  const ask = async (user: string, id: string, more = '') =>
    (await hub.ask(user, 'observations', { params: { id }, query: `?from=${t0}&to=${t0 + 30_000}${more}` })).json
  const times = (answer: { observations: { at: number }[] }) => answer.observations.map((o) => o.at - t0)

  it('come in the order of their time, of the device alone, with the evidence', async () => {
    const answer = await ask('oper', cameraA)
    expect(times(answer)).toEqual([0, 500, ...Array.from({ length: 29 }, (_, n) => (n + 1) * 1_000)])
    expect(answer.observations.every((o: { device: string }) => o.device === cameraA)).toBe(true)
    expect(answer.truncated).toBe(false)
    expect(answer.evidence.map((e: { firstAt: number }) => e.firstAt - t0)).toEqual([-2_000, 5_000])
    expect(answer.keptFrom).toBe(rawKeptFrom({ settleDays: 10, disputeDays: 45 }, hub.clock.now()))
  })

  it('that are too many are cut, and it is said', async () => {
    const answer = await ask('oper', cameraA, '&limit=3')
    expect([times(answer), answer.truncated]).toEqual([[0, 500, 1_000], true])
  })

  it('of a device that no gateway has are looked for at those of its district', async () => {
    expect(times(await ask('oper', cameraB))).toEqual([700])
  })
})
