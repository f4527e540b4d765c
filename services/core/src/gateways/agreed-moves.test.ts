import { expect, test } from 'vitest'
import { type AddressMove, agreedMoves } from './agreed-moves.ts'

const move = (device: string, from: string, to: string): AddressMove => ({ device, from, to })
const names = (moves: AddressMove[], assigned = ['A', 'B', 'C', 'D']) =>
  agreedMoves(moves, assigned).map(({ device }) => device)

test.each<[string, AddressMove[], string[]]>([
  ['two that have changed places', [move('a', 'A', 'B'), move('b', 'B', 'A')], ['a', 'b']],
  ['three in a circle', [move('a', 'A', 'B'), move('b', 'B', 'C'), move('c', 'C', 'A')], ['a', 'b', 'c']],
  ['one at the address of another that is still there', [move('a', 'A', 'B')], []],
  ['a chain that ends at an address of nobody', [move('a', 'A', 'B'), move('b', 'B', 'X')], []],
  ['a pair, and one that points into it', [move('a', 'A', 'B'), move('b', 'B', 'A'), move('c', 'C', 'A')], ['a', 'b']],
  ['one that has not moved', [move('a', 'A', 'A')], []],
  ['none', [], []],
])('agreed are of %s', (_, moves, agreed) => {
  expect(names(moves)).toEqual(agreed)
})

test('an address that several devices share says nothing of one of them', () => {
  expect(names([move('a', 'A', 'B'), move('b', 'B', 'A')], ['A', 'A', 'B'])).toEqual([])
})
