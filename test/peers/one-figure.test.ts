/**
 * One figure everywhere: whoever compares the console, a printed page, a spreadsheet, an answer and a message finds the same digits, and none that
 * were rounded up to a target.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MessageInput } from '@hub/contracts'
import { tablesOf } from '@hub/platform'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formatRate } from '../../console/src/lib/format.ts'
import { readZip } from '../../infra/verify/zip.ts'
import { sent } from '../../services/notify/src/channels/outcome.ts'
import type { NotifyDb } from '../../services/notify/src/tables.ts'
import { createNotificationRig, noon } from '../../services/notify/src/testing/rig.ts'
import {
  camera,
  monthEnd,
  monthStart,
  openRig,
  putDevice,
  putIntervals,
  type Rig,
} from '../../services/reports/src/testing/rig.ts'
import { commandPath } from '../support/machine.ts'
import { describeWith } from '../support/need.ts'

/** Hours up and down of a camera, its rate in percent, and what must be read of it. */
const hostile = [
  { up: 23.999, down: 1.001, percent: '95.996', text: '95.99 %' },
  { up: 99.999, down: 0.001, percent: '99.999', text: '99.99 %' },
  { up: 0.004, down: 99.996, percent: '0.004', text: '0.00 %' },
  { up: 100, down: 0, percent: '100', text: '100.00 %' },
  { up: 0, down: 0, percent: 'nothing known', text: '—' },
] as const
const device = (n: number) => camera(n + 1)
const query = { from: String(monthStart), to: String(monthEnd), by: 'device' }

describeWith('a rate is one text', ['poppler'], () => {
  let rig: Rig
  const folder = mkdtempSync(join(tmpdir(), 'figure-'))
  beforeAll(async () => {
    rig = await openRig()
    for (const [n, { up, down }] of hostile.entries()) {
      await putDevice(rig, device(n))
      const spans = [['up', up] as const, ['down', down] as const].filter(([, hours]) => hours > 0)
      if (spans.length > 0) await putIntervals(rig, device(n), monthStart, [...spans, ['unknown', 9_999]])
    }
    await rig.start()
  })
  afterAll(async () => {
    await rig.close()
    rmSync(folder, { recursive: true })
  })
  const bytesOf = async (format: 'json' | 'csv' | 'xlsx' | 'pdf') =>
    (await rig.export({ format, query: query as never })).bytes
  const texts = hostile.map(({ text }) => text)

  test('in the JSON of a report, beside the number; and in the console', async () => {
    const { rows } = JSON.parse((await bytesOf('json')).toString()) as {
      rows: { rate: number | null; rateText: string }[]
    }
    expect(rows.map(({ rate }) => (rate === null ? 'nothing known' : String(Number((rate * 100).toFixed(6)))))).toEqual(
      hostile.map(({ percent }) => percent),
    )
    expect(rows.map(({ rateText }) => rateText)).toEqual(texts)
    // The console keeps number and sign on one line.
    expect(rows.map(({ rate }) => formatRate(rate).replace('\u00a0', ' '))).toEqual(texts)
  })

  test('in CSV, a number whose column names the unit; nothing where nothing is known', async () => {
    const [header, , ...lines] = (await bytesOf('csv')).toString().slice(1).split('\r\n')
    const at = header!.split(',').indexOf('在线率（%）')
    const cells = lines.slice(0, hostile.length).map((line) => line.split(',')[at]!)
    expect(cells.map((cell) => (cell === '' ? '—' : `${cell} %`))).toEqual(texts)
  })

  test('in Excel, by the number in the cell and its format', async () => {
    const files = await readZip(new Uint8Array(await bytesOf('xlsx')))
    const text = (name: string) => new TextDecoder().decode(files.get(name))
    expect(text('xl/styles.xml')).toContain('formatCode="0.00\\ %"')
    const rows = text('xl/worksheets/sheet1.xml').match(/<row .*?<\/row>/g)!
    // The rate is the fourth column of a report by device.
    const cells = rows
      .slice(2)
      .map((row) => /<v>(.*?)<\/v>/.exec(row.match(/<c(?: [^>]*)?(?:\/>|>.*?<\/c>)/g)![3]!)?.[1])
    // A spreadsheet shows a share by that format so, rounding what it has: there is nothing left to round.
    const shown = cells.map((value) => (value === undefined ? '—' : `${(Number(value) * 100).toFixed(2)} %`))
    expect(shown).toEqual(texts)
    expect(cells.every((value) => value === undefined || /^\d(\.\d{1,4})?$/.test(value))).toBe(true)
  })

  test('on paper', async () => {
    const file = join(folder, 'report.pdf')
    writeFileSync(file, await bytesOf('pdf'))
    const printed = execFileSync(commandPath('pdftotext')!, ['-layout', file, '-'], { encoding: 'utf8' })
    for (const [n, { text }] of hostile.entries()) {
      const line = printed.split('\n').find((one) => one.includes(device(n)))
      expect(line).toContain(` ${text} `)
    }
  })

  test('in a message about rules that have changed', async () => {
    const channels = [{ id: 'city', name: 'city', kind: 'mqtt', topic: 'hub/v1/notices/city' }]
    await using notices = await createNotificationRig({ channels, send: async () => sent })
    const known = hostile.filter(({ up }) => up > 0)
    const changes = known.map(({ up, down }) => ({ field: 'coverage.least', was: up / (up + down), now: null }))
    const value: MessageInput<'notificationRequested'> = {
      v: 1,
      at: notices.clock.now(),
      kind: 'rules',
      key: String(noon),
      districts: [],
      importance: 'normal',
      ended: true,
      state: { from: noon, changes },
    }
    await tablesOf<NotifyDb>(notices.record).transaction((trx) =>
      notices.deps.outbox.append(trx, 'notificationRequested', {}, value),
    )
    await notices.pass(120, 5)
    const [told] = notices.notifications()
    expect(told!.body.split('\n').slice(0, known.length)).toEqual(
      known.map(({ text }) => `评分所需实测覆盖率：${text} → 无`),
    )
  })
})
