import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UptimeReport } from '@hub/contracts'
import { cancelExport, claimExport } from '@hub/platform'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { camera, monthEnd, monthStart, now, openRig, putDevice, putIntervals, type Rig } from '../testing/rig.ts'

const a = camera(1)
const b = camera(2, '430481')
const period = { from: String(monthStart), to: String(monthEnd) }
const files = () => readdirSync(join(rig.folder, 'exports'))

let rig: Rig
beforeEach(async () => {
  rig = await openRig()
  await putDevice(rig, a, { name: '=cmd|计算', carrier: 'telecom' })
  await putDevice(rig, b, { carrier: 'mobile' })
  await putIntervals(rig, a, monthStart - 24 * 3_600_000, [
    ['up', 24 + 100],
    ['down', 44],
    ['up', 9_999],
  ])
  await putIntervals(rig, b, monthStart, [['up', 9_999]])
})
afterEach(() => rig.close())

test('an export becomes a file with its figures, and the bus hears of it', async () => {
  await rig.start('thread')
  const { job, bytes } = await rig.export({ query: { ...period, by: 'district' } })
  expect(job).toMatchObject({ status: 'done', progress: 1, rows: 3, fileName: '在线率_2026-10-01_2026-10-31.json' })
  expect(job.bytes).toBe(bytes.length)
  const report = UptimeReport.parse(JSON.parse(bytes.toString()))
  expect(report).toMatchObject({ asOf: now, total: { devices: 2, down: 44 * 3_600_000 } })
  expect(report.rows.map(({ key }) => key.district)).toEqual(['430405', '430481'])
  expect(rig.bus.published.filter((text) => text.includes(job.id)).length).toBeGreaterThanOrEqual(3)
  expect(files()).toEqual([`${job.id}.json`])
})

test('nobody gets what lies outside the districts of whoever asked, in any report', async () => {
  await rig.start()
  const uptime = await rig.export({ query: { ...period, by: 'device' } }, ['430405'])
  const intervals = await rig.export({ report: 'intervals', query: period }, ['430405'])
  const progress = await rig.export({ report: 'progress' }, ['430405'])
  expect(uptime.bytes.toString()).toContain(a)
  expect(intervals.bytes.toString()).toContain(a)
  expect(uptime.bytes.toString() + intervals.bytes.toString()).not.toContain(b)
  expect(JSON.parse(progress.bytes.toString())).toMatchObject({ total: { inService: 1 } })
})

test('intervals are cut to the period and to now, device by device', async () => {
  await rig.start()
  const { bytes, job } = await rig.export({ report: 'intervals', query: { ...period, to: String(now + 1) } })
  const answer = JSON.parse(bytes.toString()) as {
    intervals: { device: string; from: number; to: number; state: string }[]
  }
  const h = 3_600_000
  expect(answer.intervals.map(({ device, from, to, state }) => [device, from, to, state])).toEqual([
    [a, monthStart, monthStart + 100 * h, 'up'],
    [a, monthStart + 100 * h, monthStart + 144 * h, 'down'],
    [a, monthStart + 144 * h, now, 'up'],
    [b, monthStart, now, 'up'],
  ])
  expect(job.fileName).toBe('状态区间_2026-10-01_2026-11-01.json')
})

test('CSV: a byte-order mark, numbers as numbers, no cell that a spreadsheet would run', async () => {
  await rig.start()
  const { bytes } = await rig.export({ format: 'csv', query: { ...period, by: 'device' } })
  const text = bytes.toString()
  expect(text.charCodeAt(0)).toBe(0xfeff)
  const [header, total, first] = text.slice(1).split('\r\n')
  expect(header).toBe('设备编码,设备名称,设备,在线率,在线时长（秒）,离线时长（秒）,未知时长（秒）,豁免时长（秒）')
  expect(total).toMatch(/^合计,,2,0\.97\d+,\d+,158400,0,0$/)
  expect(first).toMatch(new RegExp(`^${a},'=cmd\\|计算,1,`))
  expect(text).toContain('# 目标来源')
})

test('a query that the route would refuse fails in the language of whoever asked', async () => {
  await rig.start()
  const { job } = await rig.export({ query: { from: '5' } })
  expect(job).toMatchObject({ status: 'failed', fileName: null })
  expect(job.problem).toMatch(/^to 的值 /)
  expect(files()).toEqual([])
})

test('a job that a killed hub left running is made from the beginning, and what it had written is gone', async () => {
  await rig.ask('11111111-1111-4111-8111-111111111111', { query: period })
  const id = (await rig.record.transaction(claimExport))!.id
  await rig.start()
  await rig.stop()
  writeFileSync(join(rig.folder, 'exports', `${id}.part`), 'half of it')
  writeFileSync(join(rig.folder, 'exports', 'somebody.part'), 'of another time')
  await rig.start()
  expect(await rig.ended(id)).toMatchObject({ status: 'done' })
  await vi.waitFor(() => expect(files()).toEqual([`${id}.json`]))
})

test('files are kept seven days', async () => {
  await rig.start()
  const { job, path } = await rig.export({ query: period })
  const week = 7 * 86_400_000
  const endedAt = (at: number) => rig.record.db.updateTable('export').set({ ended_at: at }).execute()
  const look = 5 * 60_000
  await endedAt(now + look - week)
  await rig.clock.advance(look)
  expect(existsSync(path)).toBe(true)
  await endedAt(now + look - week - 1)
  await rig.clock.advance(look)
  await vi.waitFor(() => expect(existsSync(path)).toBe(false))
  await expect(rig.find(job.id)).rejects.toMatchObject({ code: 'export.unknown' })
})

test('a job that is cancelled stops within a second and leaves nothing', async () => {
  // A month of many devices: longer than this test waits.
  const many = Array.from({ length: 3_000 }, (_, n) => camera(n + 10))
  const rows = many.flatMap((device) =>
    Array.from({ length: 60 }, (_, n) => ({
      ...{ device, from_at: monthStart + n * 3_600_000, to_at: monthStart + (n + 1) * 3_600_000 },
      ...{ state: n % 2 ? 'up' : 'down', rule: '{"id":"stale","count":0,"needed":0,"firstAt":null,"lastAt":null}' },
    })),
  )
  await rig.record.commit((sqlite) => {
    const names = `district, kind, application, carrier, point_type, project, stage, name, address, longitude, latitude,
      ip_address, record, gateway, endpoint, xaddr, credential, every_ms, identity, in_service_from, in_service_to, updated_at`
    const copy = sqlite.prepare(`INSERT INTO device (id, ${names}) SELECT ?, ${names} FROM device WHERE id = '${b}'`)
    for (const device of many) copy.run(device)
    const put = sqlite.prepare('INSERT INTO interval VALUES (?, ?, ?, ?, ?)')
    for (const { device, from_at, to_at, state, rule } of rows) put.run(device, from_at, to_at, state, rule)
  })
  await rig.start('thread')
  const id = '22222222-2222-4222-8222-222222222222'
  await rig.ask(id, { report: 'intervals', format: 'xlsx', query: period })
  await vi.waitFor(() => expect(files()).toEqual([`${id}.part`]), { timeout: 5_000, interval: 5 })
  const asked = performance.now()
  await rig.record.transaction((trx) => cancelExport(trx, 'li', id, now))
  await rig.bus.publish('hub/v1/exports/changed', JSON.stringify({ v: 1, at: now, id }))
  await vi.waitFor(() => expect(files()).toEqual([]), { timeout: 1_000, interval: 5 })
  expect(performance.now() - asked).toBeLessThan(1_000)
  expect(await rig.find(id)).toMatchObject({ status: 'cancelled', fileName: null })
  // The next one runs.
  expect((await rig.export({ query: period })).job.status).toBe('done')
})

test('removing a finished export removes its file', async () => {
  await rig.start()
  const { job, path } = await rig.export({ query: period })
  await rig.record.transaction((trx) => cancelExport(trx, 'li', job.id, now))
  await rig.bus.publish('hub/v1/exports/changed', JSON.stringify({ v: 1, at: now, id: job.id }))
  await vi.waitFor(() => expect(existsSync(path)).toBe(false))
})
