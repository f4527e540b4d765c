import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openEmbeddedHistory } from './embedded.ts'
import type { Keep } from './keep.ts'
import { historyConformance } from './testing/conformance.ts'

const forever = { fiveMinutes: 'forever', hours: 'forever', days: 'forever', telemetry: 'forever' } as const
const open = (path: string, keep: Keep = forever, now = 1_800_000_000_000) =>
  openEmbeddedHistory(path, { keep, now: () => now })

historyConformance(async () => {
  const history = open(':memory:')
  return { history, close: () => history.close() }
})

const bucket = {
  device: '43040512001320000001',
  district: '430405',
  application: 'safe-city',
  at: 1_800_000_000_000,
  upMs: 300_000,
  downMs: 0,
  unknownMs: 0,
  exemptMs: 0,
}
const city = { scope: 'city', group: 'city', from: 0, to: 2_000_000_000_000, stepMs: 300_000 } as const

it('keeps what it wrote over a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'history-'))
  try {
    const path = join(folder, 'deep', 'history.db')
    const first = open(path)
    await first.writeUptime('5m', [{ ...bucket, carrier: 'telecom' }])
    await first.close()
    const second = open(path)
    expect(await second.trend(city)).toMatchObject([{ upMs: 300_000 }])
    await second.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('moves a bucket from one group to the other when its device has changed carrier', async () => {
  const history = open(':memory:')
  await history.writeUptime('5m', [{ ...bucket, carrier: 'telecom' }])
  await history.writeUptime('5m', [{ ...bucket, carrier: 'mobile' }])
  const rows = await history.trend({ ...city, group: 'carrier' })
  expect(rows).toMatchObject([{ group: 'mobile', upMs: 300_000 }])
  await history.close()
})

it('says that it is unavailable when it is closed', async () => {
  const history = open(':memory:')
  await history.close()
  await expect(history.ready()).rejects.toMatchObject({ code: 'history.unavailable' })
})

it('forgets what is older than it is kept, buckets and their sums, and takes no more of it', async () => {
  const day = 86_400_000
  const at = 1_800_000_000_000
  const point = { device: bucket.device, district: '430405', measure: 'pm25', at: at - 3 * day, value: 1 }
  const folder = mkdtempSync(join(tmpdir(), 'history-'))
  try {
    const path = join(folder, 'history.db')
    const first = open(path)
    for (const step of ['5m', '1h'] as const)
      await first.writeUptime(step, [
        { ...bucket, carrier: 'telecom' },
        { ...bucket, carrier: 'telecom', at: at - 3 * day },
      ])
    await first.writeTelemetry([point])
    await first.close()
    const history = open(path, { fiveMinutes: 2, hours: 4, days: 4, telemetry: 2 })
    expect(await history.trim()).toBe(2)
    await history.writeUptime('5m', [{ ...bucket, carrier: 'telecom', at: at - 4 * day }])
    const counts = async (stepMs: number) => (await history.trend({ ...city, from: 0, to: 36e11, stepMs })).length
    expect(await counts(300_000)).toBe(1)
    expect(await counts(3_600_000)).toBe(2)
    expect(await history.telemetry({ ...point, from: 0, to: 36e11, limit: 9 })).toEqual([])
    await history.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})
