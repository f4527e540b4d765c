/** What others read in our files: Python's own zip, XML and CSV readers, and poppler for PDF. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scorecard } from '@hub/contracts'
import { scoreCard } from '@hub/core'
import { checkConfig } from '@hub/platform'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWith } from '../../../../test/support/need.ts'
import { HubConfig } from '../../../hub/src/config.ts'
import type { Cell, Column, ReportDocument } from '../document.ts'
import { scorecardReport } from '../report/scorecards.ts'
import { writeCsv } from './csv.ts'
import { writePdf } from './pdf/pdf.ts'
import { openSink, type Sink } from './sink.ts'
import { writeXlsx } from './xlsx/book.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'formats-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const columns: Column[] = [
  { title: '名称', kind: 'text', width: 20 },
  { title: '设备', kind: 'count', width: 10 },
  { title: '在线率', kind: 'percent', width: 10 },
  { title: '离线时长', kind: 'duration', width: 12 },
  { title: '开始', kind: 'instant', width: 20 },
  { title: '日期', kind: 'date', width: 12 },
]
const at = Date.parse('2026-10-01T08:30:00+08:00')
const evil = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  "'=1",
  '<b>&"\u0007引号',
  '换\n行,逗号',
  '相机\u202egpj\u2066\0',
]
/** What of them can be seen. */
const seen = ['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '\n=1', "'=1", '<b>&"引号', '换\n行,逗号', '相机gpj']
const rows: Cell[][] = [
  // Cut: a spreadsheet would show 96.00 %.
  ['合计', 20_000, 0.95996, 90 * 60_000, at, '2026-10-01'],
  ...evil.map((text): Cell[] => [text, -5, null, null, null, null]),
]
const document = (more: Partial<ReportDocument> = {}): ReportDocument => ({
  title: '外场设备在线率',
  fileName: 'x',
  facts: [['目标来源', '=通报口径，非合同阈值']],
  json: [],
  rows: rows.length,
  tables: [{ name: '在线率: 区县/应用', columns, rows }],
  ...more,
})
async function made(name: string, write: (sink: Sink) => void | Promise<void>): Promise<string> {
  const file = join(folder, name)
  const sink = openSink(file)
  await write(sink)
  sink.close()
  return file
}
const py = (code: string, file: string) =>
  JSON.parse(execFileSync('python3', ['-c', code, file], { encoding: 'utf8' })) as unknown

describeWith('Python', ['python'], () => {
  const readSheets = `
import json, sys, zipfile, xml.etree.ElementTree as E
z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None
n = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
book = E.fromstring(z.read('xl/workbook.xml'))
formats = {f.get('numFmtId'): f.get('formatCode') for f in E.fromstring(z.read('xl/styles.xml')).iter(n + 'numFmt')}
xfs = [x.get('numFmtId') for x in E.fromstring(z.read('xl/styles.xml')).find(n + 'cellXfs')]
out = []
for i, s in enumerate(book.find(n + 'sheets')):
    sheet = E.fromstring(z.read('xl/worksheets/sheet%d.xml' % (i + 1)))
    pane = sheet.find('.//' + n + 'pane')
    rows = [[[c.get('t'), formats.get(xfs[int(c.get('s') or 0)]), ''.join(c.itertext())] for c in r] for r in sheet.iter(n + 'row')]
    out.append({'name': s.get('name'), 'frozen': pane.get('ySplit') + ' ' + pane.get('state'), 'widths': [float(c.get('width')) for c in sheet.iter(n + 'col')],
      'formulas': len(list(sheet.iter(n + 'f'))), 'rows': rows})
print(json.dumps(out))`
  type Sheet = { name: string; frozen: string; widths: number[]; formulas: number; rows: [string, string, string][][] }

  test('Excel: typed cells under a frozen header, text as it is and never a formula', async () => {
    const file = await made('a.xlsx', (sink) => writeXlsx(document(), sink, 'zh', () => {}))
    const [sheet, notes] = py(readSheets, file) as [Sheet, Sheet]
    expect(sheet).toMatchObject({
      name: '在线率  区县 应用',
      frozen: '1 frozen',
      formulas: 0,
      widths: [20, 10, 10, 12, 20, 12],
    })
    expect(sheet.rows[0]!.map(([, , text]) => text)).toEqual(columns.map(({ title }) => title))
    // 2026-10-01 is day 46296 since 1899-12-30; an hour and a half is 1/16 of a day.
    expect(sheet.rows[1]).toEqual([
      ['inlineStr', null, '合计'],
      [null, '#,##0', '20000'],
      [null, '0.00\\ %', '0.9599'],
      [null, '[h]:mm:ss.000', '0.0625'],
      [null, 'yyyy\\-mm\\-dd\\ hh:mm:ss', '46296.35416666667'],
      [null, 'yyyy\\-mm\\-dd', '46296'],
    ])
    expect(sheet.rows.slice(2).map(([cell]) => cell![2])).toEqual(seen)
    expect(notes.rows[1]!.map(([, , text]) => text)).toEqual(['目标来源', '=通报口径，非合同阈值'])
  })

  test('Excel: a table longer than a sheet goes on in the next, under the same header', async () => {
    const file = await made('b.xlsx', (sink) => writeXlsx(document(), sink, 'zh', () => {}, 5))
    const sheets = py(readSheets, file) as Sheet[]
    expect(sheets.map(({ name, rows }) => [name, rows.length])).toEqual([
      ['在线率  区县 应用', 5],
      ['在线率  区县 应用 (2)', 5],
      ['在线率  区县 应用 (3)', 4],
      ['说明', 2],
    ])
    expect(sheets.slice(0, 3).every(({ rows }) => rows[0]![0]![2] === '名称')).toBe(true)
  })

  test('CSV: numbers are numbers, text comes back with the mark that keeps it from running', async () => {
    const file = await made('a.csv', (sink) => writeCsv(document(), sink, 'zh', () => {}))
    const lines = py(
      'import csv,json,sys; print(json.dumps(list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline="")))))',
      file,
    ) as string[][]
    expect(lines[1]).toEqual(['合计', '20000', '95.99', '5400', '2026-10-01 08:30:00', '2026-10-01'])
    const cells = lines.slice(2, 2 + evil.length).map(([cell]) => cell!)
    expect(cells).toEqual(seen.map((text) => text.trim()).map((text) => (/^'*[=+\-@]/.test(text) ? `'${text}` : text)))
    expect(lines[2]![1]).toBe('-5')
    expect(lines.at(-1)).toEqual(['# 目标来源', "'=通报口径，非合同阈值"])
  })
})

describeWith('poppler', ['poppler'], () => {
  const run = (program: string, args: string[]) => execFileSync(program, args, { encoding: 'utf8' })
  const textOf = (file: string) => run('pdftotext', ['-layout', file, '-'])
  /** Share of a page that is not white. */
  const inked = (file: string) => {
    const picture = execFileSync('pdftoppm', ['-r', '40', '-gray', '-f', '1', '-l', '1', file], { maxBuffer: 1e8 })
    const pixels = picture.subarray(picture.length - 331 * 468)
    return pixels.filter((value) => value < 200).length / pixels.length
  }

  test('a report: Chinese that is drawn, can be copied, and is embedded; header and page number on every page', async () => {
    const many: Cell[][] = Array.from({ length: 120 }, (_, n) => [`耒阳市常宁市祁东县 ${n} ≥`, n, 0.5, 1_000, at, null])
    const file = await made('a.pdf', (sink) =>
      writePdf(document({ tables: [{ name: '在线率', columns, rows: many }] }), sink, 'zh', () => {}),
    )
    const text = textOf(file)
    const pages = text.split('\f').slice(0, -1)
    expect(pages.length).toBeGreaterThan(2)
    for (const [n, page] of pages.entries()) {
      expect(page).toContain('离线时长')
      expect(page.replace(/\s/g, '')).toContain(`第${n + 1}/${pages.length}页`)
    }
    for (let n = 0; n < many.length; n++) expect(text).toMatch(new RegExp(`耒阳市常宁市祁东县 ${n} ≥`))
    expect(text).toContain('目标来源：=通报口径，非合同阈值')
    const fonts = run('pdffonts', [file]).trimEnd().split('\n').slice(2)
    expect(fonts.length).toBeGreaterThan(1)
    for (const font of fonts) expect(font).toMatch(/NotoSansSC.* yes yes yes /)
    expect(run('pdfinfo', [file])).toMatch(/Page size: +595.28 x 841.89 pts \(A4\)/)
    // Text that can be copied may yet be invisible: outlines that were embedded wrongly leave the page white.
    expect(inked(file)).toBeGreaterThan(0.02)
  })

  test('a scorecard: lines, deductions, signatures and the hash on one page', async () => {
    const { scorecard: policy } = checkConfig(HubConfig, {}).policy
    const card: Scorecard = {
      id: crypto.randomUUID(),
      month: '2026-10',
      subject: { kind: 'district', key: '430481' },
      version: 2,
      ...scoreCard({
        policy,
        coverage: { measured: 100, due: 100, least: 0.9, missing: 0, provenance: '合同' },
        measured: { online: { numerator: 93, denominator: 100 } },
        stated: { repair: { value: 0.9, source: '运维月报' } },
      }),
      status: 'locked',
      unaccounted: [{ gateway: '43040500002000000001', name: '城区网关', drainedAt: null }],
      policy,
      devices: 9,
      totals: { up: 93, down: 7, unknown: 0, exempt: 0 },
      asOf: at,
      madeBy: '李编制',
      madeAt: at,
      reviewedBy: '王审核',
      reviewedAt: at,
      lockedBy: '赵锁定',
      lockedAt: at,
      hash: 'a'.repeat(64),
      previousHash: 'b'.repeat(64),
      reason: '补传数据',
      differences: [],
    }
    const asked = { language: 'zh', scope: 'city', now: at, requestedBy: '李' } as const
    const changed = [{ id: card.id, differences: [{ field: 'totals.up', was: 93, now: 94 }] }]
    const report = scorecardReport({ asOf: at, cards: [card], changed }, '2026-10', asked)
    const file = await made('card.pdf', (sink) => writePdf(report, sink, 'zh', () => {}))
    const [, page = ''] = textOf(file).split('\f')
    const deduction = card.lines.find(({ item }) => item === 'online')!.deduction.toFixed(2)
    for (const wanted of [
      '锁定后的补报数据',
      'totals.up: 93 → 94',
      '城区网关',
      '耒阳市 2026-10 月度考核表',
      card.score!.toFixed(2),
      deduction,
      '运维月报',
      '编制：李编制',
    ])
      expect(page).toContain(wanted)
    for (const wanted of ['审核：王审核', '锁定：赵锁定', '签字（盖章）', card.hash!, card.previousHash!, '补传数据'])
      expect(page).toContain(wanted)
  })

  test('more rows than a PDF is made of are refused', async () => {
    const endless = {
      *[Symbol.iterator]() {
        for (let n = 0; n <= 10_000; n++) yield ['x']
      },
    }
    const tables = [{ name: 'x', columns: columns.slice(0, 1), rows: endless }]
    await expect(made('b.pdf', (sink) => writePdf(document({ tables }), sink, 'zh', () => {}))).rejects.toThrow(
      'at most 10000 rows',
    )
  })
})
