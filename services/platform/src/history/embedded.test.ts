import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { historyConformance } from './conformance.ts'
import { openEmbeddedHistory } from './embedded.ts'

historyConformance(async () => {
  const history = openEmbeddedHistory(':memory:')
  return { history, close: () => history.close() }
})

const bucket = {
  ...{ device: '43040512001320000001', district: '430405', application: 'safe-city', at: 1_800_000_000_000 },
  ...{ upMs: 300_000, downMs: 0, unknownMs: 0, exemptMs: 0, probes: 1 },
}
const city = { scope: 'city', group: 'city', from: 0, to: 2_000_000_000_000, stepMs: 300_000 } as const

it('keeps what it wrote over a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'history-'))
  try {
    const path = join(folder, 'deep', 'history.db')
    const first = openEmbeddedHistory(path)
    await first.writeBuckets([{ ...bucket, carrier: 'telecom' }])
    await first.close()
    const second = openEmbeddedHistory(path)
    expect(await second.trend(city)).toMatchObject([{ upMs: 300_000 }])
    await second.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('moves a bucket from one group to the other when its device has changed carrier', async () => {
  const history = openEmbeddedHistory(':memory:')
  await history.writeBuckets([{ ...bucket, carrier: 'telecom' }])
  await history.writeBuckets([{ ...bucket, carrier: 'mobile' }])
  const rows = await history.trend({ ...city, group: 'carrier' })
  expect(rows.map(({ group, upMs }) => [group, upMs])).toEqual([
    ['mobile', 300_000],
    ['telecom', 0],
  ])
  await history.close()
})

it('says that it is unavailable when it is closed', async () => {
  const history = openEmbeddedHistory(':memory:')
  await history.close()
  await expect(history.ready()).rejects.toMatchObject({ code: 'history.unavailable' })
})
