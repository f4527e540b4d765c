import { expect, test } from 'vitest'
import { countRows, formatBytes, rowsEntered } from './import-progress.ts'

test.each([
  ['nothing yet', [20_000, 0, 1_000], null],
  ['retired by another meanwhile', [20_000, -3, 1_000], null],
  ['a part', [20_000, 5_000, 4_000], { done: 5_000, of: 20_000, perSecond: 1_250, leftMs: 12_000 }],
  ['all', [20_000, 20_000, 16_000], { done: 20_000, of: 20_000, perSecond: 1_250, leftMs: null }],
  ['others found devices meanwhile', [10, 12, 1_000], { done: 10, of: 10, perSecond: 12, leftMs: null }],
] as const)('rows that entered: %s', (_, [rows, gained, elapsed], expected) => {
  const entered = rowsEntered(rows, gained, elapsed)
  if (expected) expect(entered).toMatchObject(expected)
  else expect(entered).toBeNull()
})

test.each([
  ['', 0],
  ['a,b', 0],
  ['a,b\n', 0],
  ['a,b\r\n1,2\r\n3,4', 2],
  ['a,b\n1,2\n3,4\n', 2],
])('rows of %j: %d', async (text, rows) => expect(await countRows(new Blob([text]))).toBe(rows))

test.each([
  [900, '1\u00a0kB'],
  [640_000, '640\u00a0kB'],
  [9_450_000, '9.4\u00a0MB'],
])('%d bytes are %s', (bytes, words) => expect(formatBytes(bytes)).toBe(words))
