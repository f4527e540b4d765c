import { expect, test } from 'vitest'
import { queryText } from '../../router/address.ts'
import { formatReports, noReports, parseReports, type ReportsQuery, tabOf } from './query.ts'

const parse = (text: string) => parseReports(new URLSearchParams(text))
const format = (reports: ReportsQuery) => queryText(formatReports(reports))
const row = '01890a5d-ac96-774b-bcce-b302099a8057'

test.each<[string, Partial<ReportsQuery>]>([
  ['', {}],
  [`month=2026-10&subject=district&row=${row}`, { month: '2026-10', subject: 'district', row }],
  ['status=requested&kind=correction&row=new', { status: 'requested', adjustment: 'correction', row: 'new' }],
  ['by=project&carrier=mobile&project=2019-A', { by: 'project', carrier: 'mobile', project: '2019-A' }],
])('%s', (text, reports) => {
  expect(parse(text)).toEqual({ ...noReports, ...reports })
  expect(format({ ...noReports, ...reports })).toBe(text)
})

test('what is malformed is left out', () => {
  expect(parse('month=2026-13&subject=city&status=lost&by=moon&carrier=x&project=&row=7')).toEqual(noReports)
})

test('a tab that is none leads to the first', () => {
  expect(tabOf('progress')).toBe('progress')
  expect(['', 'users', 'nowhere'].map(tabOf)).toEqual(['rates', 'rates', 'rates'])
})
