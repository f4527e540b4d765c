import { ExportRequest, exportQueries } from '@hub/contracts'
import { describe, expect, test } from 'vitest'
import { type ExportForm, exportQueryOf } from './form.ts'
import { formatBytes } from './size.ts'

const form: ExportForm = {
  report: 'uptime',
  format: 'xlsx',
  from: '2026-11-01',
  to: '2026-11-30',
  group: '',
  month: '2026-10',
  subject: 'carrier',
  status: '',
  by: 'district',
  district: '',
  carrier: '',
}
const from = String(Date.UTC(2026, 9, 31, 16))
const to = String(Date.UTC(2026, 10, 30, 16))

describe('an export', () => {
  test.each<[Partial<ExportForm>, object]>([
    [{}, { from, to }],
    [
      { group: 'carrier', district: '430426' },
      { from, to, by: 'carrier', district: '430426' },
    ],
    [
      { report: 'intervals', carrier: 'mobile', group: 'device' },
      { from, to, carrier: 'mobile' },
    ],
    [{ report: 'kpis' }, { from, to }],
    [
      { report: 'scorecards', subject: 'district', district: '430426' },
      { month: '2026-10', kind: 'district' },
    ],
    [{ report: 'adjustments' }, {}],
    [{ report: 'adjustments', status: 'approved' }, { status: 'approved' }],
    [
      { report: 'progress', by: 'project', carrier: 'cable' },
      { by: 'project', carrier: 'cable' },
    ],
  ])('%j asks what the report itself is asked', (change, query) => {
    const asked = { ...form, ...change }
    expect(exportQueryOf(asked)).toEqual(query)
    expect(ExportRequest.parse({ report: asked.report, format: asked.format, query }).query).toEqual(query)
    expect(exportQueries[asked.report].safeParse(query).success).toBe(true)
  })

  test('one day is a period; days in the wrong order, or none, are not', () => {
    expect(exportQueryOf({ ...form, to: '2026-11-01' })).toEqual({ from, to: String(Number(from) + 86_400_000) })
    expect(exportQueryOf({ ...form, to: '2026-10-31' })).toBeNull()
    expect(exportQueryOf({ ...form, from: '' })).toBeNull()
    expect(exportQueryOf({ ...form, report: 'progress', from: '' })).toEqual({ by: 'district' })
  })
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_200, '1.2 kB'],
  [4_560_000, '4.6 MB'],
  [7_000_000_000_000, '7000.0 GB'],
])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes).replace('\u00a0', ' ')).toBe(text))
