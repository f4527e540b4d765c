/** Uptime is answered on a thread, each answer in one state of the Record. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RecordStore } from '@hub/platform'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRecord } from '../../hub/src/testing/record.ts'
import { openTimes } from './open.ts'

const t0 = 1_800_000_000_000
const hour = 3_600_000
let folder: string
let record: RecordStore

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-uptime-'))
  record = await openRecord(join(folder, 'record.db'))
  await record.commit((sqlite) => {
    sqlite.exec(
      `INSERT INTO device (id, district, kind, application, carrier, point_type, stage, name, address, record, in_service_from, updated_at)
       VALUES ('43040500001320000001', '430405', 'camera', 'safe-city', 'telecom', '1', 'in-service', '', '', '{}', ${t0}, 0)`,
    )
    sqlite.exec(
      `INSERT INTO interval VALUES ('43040500001320000001', ${t0}, ${t0 + hour}, 'up', '{}'), ('43040500001320000001', ${t0 + hour}, NULL, 'down', '{}')`,
    )
  })
})
afterEach(async () => {
  await record.close()
  rmSync(folder, { recursive: true, force: true })
})

const selection = { scope: 'city', filter: {}, from: t0, to: t0 + 4 * hour, now: t0 + 3 * hour } as const
const row = { up: hour, down: 2 * hour, unknown: 0, exempt: 0, rate: 1 / 3 }

test('answers as of now, and sees what was committed since', async () => {
  const uptime = openTimes(record)
  try {
    expect(await uptime.by({ ...selection, by: ['district'] })).toEqual([
      { key: { district: '430405' }, devices: 1, ...row },
    ])
    await record.commit((sqlite) => sqlite.exec(`UPDATE interval SET state = 'up' WHERE from_at = ${t0 + hour}`))
    expect(await uptime.by({ ...selection, by: [] })).toMatchObject([{ up: 3 * hour, rate: 1 }])
    expect(await uptime.by({ ...selection, scope: ['430481'], by: ['device'] })).toEqual([])
    expect(await uptime.series({ ...selection, step: 'month' })).toMatchObject([{ at: t0, up: 3 * hour }])
    expect(await uptime.hours({ ...selection, from: t0 + hour / 2, to: t0 + 2 * hour })).toMatchObject([
      { at: t0, up: hour / 2 },
      { at: t0 + hour, up: hour },
    ])
  } finally {
    await uptime.close()
  }
  await expect(uptime.by({ ...selection, by: [] })).rejects.toMatchObject({ code: 'internal' })
})

test('a question that fails is an error of its own: the thread goes on', async () => {
  const uptime = openTimes(record)
  try {
    const { sql } = record.sqlite.prepare("SELECT sql FROM sqlite_schema WHERE name = 'ingest_interval'").get()!
    await record.commit((sqlite) => sqlite.exec('DROP VIEW ingest_interval'))
    await expect(uptime.by({ ...selection, by: [] })).rejects.toMatchObject({ code: 'internal' })
    await record.commit((sqlite) => sqlite.exec(String(sql)))
    expect(await uptime.by({ ...selection, by: [] })).toMatchObject([row])
  } finally {
    await uptime.close()
  }
})
