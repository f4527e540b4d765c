import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UptimeReport } from '@hub/contracts'
import { percentDigits } from '@hub/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  approve,
  camera,
  monthEnd,
  monthStart,
  now,
  openRig,
  putDevice,
  putIntervals,
  type Rig,
} from '../testing/rig.ts'
import { cancelExport, claimExport } from './store.ts'

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
  expect(rig.bus.published.filter(({ payload }) => payload.includes(job.id)).length).toBeGreaterThanOrEqual(3)
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

test('intervals with exemptions and gaps add up to the online rate of the same period, in JSON and in CSV', async () => {
  const h = 3_600_000
  const c = camera(3)
  // Of it nothing is known for the first hours of its service.
  await putDevice(rig, c, { from: monthStart + 7 * h + 1 })
  await putIntervals(rig, c, monthStart + 30 * h + 123, [['down', 9_999]])
  await approve(rig, {
    scope: { by: 'devices', values: [a, c] },
    from: monthStart + 110 * h,
    to: monthStart + 120 * h + 7,
  })
  await rig.start()
  const { bytes } = await rig.export({ report: 'intervals', query: period })
  const { intervals, totals } = JSON.parse(bytes.toString())
  const { total } = JSON.parse((await rig.export({ query: period })).bytes.toString())
  const { up, down, unknown, exempt } = total
  expect(totals).toEqual({ up, down, unknown, exempt })
  expect(exempt).toBe(2 * (10 * h + 7))
  const sum = (countAs: string) =>
    intervals.reduce(
      (all: number, row: (typeof intervals)[0]) => all + (row.countAs === countAs ? row.to - row.from : 0),
      0,
    )
  expect([sum('up'), sum('down'), sum('unknown'), sum('exempt')]).toEqual([up, down, unknown, exempt])
  const csv = (await rig.export({ report: 'intervals', format: 'csv', query: period })).bytes.toString()
  expect(csv).toContain('电信,离线,豁免,2026-10-05 14:00:00.000,2026-10-06 00:00:00.007,36000.007,')
  expect(csv).toContain(
    `${percentDigits(total.rate)},${up / 1_000},${down / 1_000},${unknown / 1_000},${exempt / 1_000}`,
  )
})

test('CSV: a byte-order mark, numbers as numbers, no cell that a spreadsheet would run', async () => {
  await rig.start()
  const { bytes } = await rig.export({ format: 'csv', query: { ...period, by: 'device' } })
  const text = bytes.toString()
  expect(text.charCodeAt(0)).toBe(0xfeff)
  const [header, total, first] = text.slice(1).split('\r\n')
  expect(header).toBe('设备编码,设备名称,设备,在线率（%）,在线时长（秒）,离线时长（秒）,未知时长（秒）,豁免时长（秒）')
  expect(total).toMatch(/^合计,,2,97\.\d\d,\d+,158400,0,0$/)
  expect(first).toMatch(new RegExp(`^\\t${a},'=cmd\\|计算,1,`))
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
  const id = (await rig.reports.transaction(claimExport))!.id
  await rig.start()
  await rig.stop()
  writeFileSync(join(rig.folder, 'exports', `${id}.part`), 'half of it')
  writeFileSync(join(rig.folder, 'exports', 'somebody.part'), 'of another time')
  await rig.start()
  expect(await rig.ended(id)).toMatchObject({ status: 'done' })
  await vi.waitFor(() => expect(files()).toEqual([`${id}.json`]), 20_000)
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
  await vi.waitFor(() => expect(existsSync(path)).toBe(false), 20_000)
  await expect(rig.find(job.id)).rejects.toMatchObject({ code: 'export.unknown' })
})

test('a job that is cancelled stops within a second and leaves nothing', async () => {
  // A month of many devices: longer than this test waits.
  const many = Array.from({ length: 3_000 }, (_, n) => camera(n + 10))
  const rows = many.flatMap((device) =>
    Array.from({ length: 60 }, (_, n) => ({
      device,
      from_at: monthStart + n * 3_600_000,
      to_at: monthStart + (n + 1) * 3_600_000,
      state: n % 2 ? 'up' : 'down',
      rule: '{"id":"stale","count":0,"needed":0,"firstAt":null,"lastAt":null}',
    })),
  )
  await rig.record.commit((sqlite) => {
    const names = `district, kind, application, carrier, point_type, project, stage, name, address, longitude, latitude,
      ip_address, record, in_service_from, in_service_to, updated_at`
    const copy = sqlite.prepare(`INSERT INTO device (id, ${names}) SELECT ?, ${names} FROM device WHERE id = '${b}'`)
    for (const device of many) copy.run(device)
    const put = sqlite.prepare('INSERT INTO interval VALUES (?, ?, ?, ?, ?)')
    for (const { device, from_at, to_at, state, rule } of rows) put.run(device, from_at, to_at, state, rule)
  })
  await rig.start('thread')
  const id = '22222222-2222-4222-8222-222222222222'
  await rig.ask(id, { report: 'intervals', format: 'xlsx', query: period })
  await vi.waitFor(() => expect(files()).toEqual([`${id}.part`]), { timeout: 20_000, interval: 5 })
  await rig.reports.transaction((trx) => cancelExport(trx, 'li', id, now))
  await rig.tell(id)
  // Written to its end it would take many times as long.
  await vi.waitFor(() => expect(files()).toEqual([]), { timeout: 5_000, interval: 5 })
  expect(await rig.find(id)).toMatchObject({ status: 'cancelled', fileName: null })
  // The next one runs.
  expect((await rig.export({ query: period })).job.status).toBe('done')
})

test('removing a finished export removes its file', async () => {
  await rig.start()
  const { job, path } = await rig.export({ query: period })
  await rig.reports.transaction((trx) => cancelExport(trx, 'li', job.id, now))
  await rig.tell(job.id)
  await vi.waitFor(() => expect(existsSync(path)).toBe(false), 20_000)
})
