import { expect, test } from 'vitest'
import { queryText } from '../../router/address.ts'
import { formatTrend, parseTrend, trends } from './query.ts'

test('the trend goes back a day unless a month is asked for', () => {
  for (const trend of trends) expect(parseTrend(new URLSearchParams(queryText(formatTrend(trend))))).toBe(trend)
  expect(queryText(formatTrend('24h'))).toBe('')
  expect(parseTrend(new URLSearchParams('trend=9y'))).toBe('24h')
})
