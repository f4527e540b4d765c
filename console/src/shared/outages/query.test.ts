import { expect, test } from 'vitest'
import { queryText } from '../../router/address.ts'
import { type BoardQuery, formatBoard, idOf, parseBoard, wholeBoard } from './query.ts'

test.each<[string, Partial<BoardQuery>]>([
  ['', {}],
  [
    'view=all&kind=switch&kind=line&lone=no&mine=yes',
    { view: 'all', kind: ['switch', 'line'], lone: false, mine: true },
  ],
  ['view=closed&carrier=mobile', { view: 'closed', carrier: 'mobile' }],
  [
    'unit=%E7%94%B2%E5%85%AC%E5%8F%B8&status=received&overtime=red',
    { unit: '甲公司', status: 'received', overtime: 'red' },
  ],
])('a board is read back as it was written: %s', (text, board) => {
  expect(parseBoard(new URLSearchParams(text))).toEqual({ ...wholeBoard, ...board })
  expect(queryText(formatBoard({ ...wholeBoard, ...board }))).toBe(text)
})

test('what is malformed is left out', () =>
  expect(parseBoard(new URLSearchParams('view=some&kind=moon&lone=x&carrier=x&unit=%20&status=lost'))).toEqual(
    wholeBoard,
  ))

test('below the board stands one outage or work order', () => {
  expect(idOf('o-17')).toBe('o-17')
  expect(idOf('')).toBeNull()
  expect(idOf('a/b')).toBeNull()
})
