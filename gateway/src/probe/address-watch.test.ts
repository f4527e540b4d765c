import { expect, test } from 'vitest'
import { AddressWatch } from './address-watch.ts'

const [a, b, c] = (['A', 'B', 'C'] as const).map((host) => ({ id: host.toLowerCase(), ownHost: host })) as [
  { id: string; ownHost: string },
  { id: string; ownHost: string },
  { id: string; ownHost: string },
]
const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id)

function watching(...items: { id: string; ownHost: string }[]) {
  const watch = new AddressWatch<{ id: string; ownHost: string }>()
  for (const item of items) watch.add(item)
  const doubted = new Set<string>()
  const heard = (item: { id: string; ownHost: string }, address: string) => {
    const { begun, ended } = watch.heard(item, address)
    for (const { id } of begun) doubted.add(id)
    for (const { id } of ended) doubted.delete(id)
    return { begun: ids(begun), ended: ids(ended) }
  }
  const inConflict = () => [...doubted]
  return { watch, heard, inConflict }
}

test('one that is heard at the address of another puts both in doubt at once', () => {
  const { heard, inConflict } = watching(a, b, c)
  expect(heard(a, 'B')).toEqual({ begun: ['a', 'b'], ended: [] })
  expect(heard(b, 'A')).toEqual({ begun: [], ended: [] })
  expect(inConflict()).toEqual(['a', 'b'])
})

test('it ends for each that is heard at its own address, and for whom it alone was in doubt', () => {
  const { heard, inConflict } = watching(a, b)
  heard(a, 'B')
  heard(b, 'A')
  expect(heard(b, 'B')).toEqual({ begun: [], ended: ['b'] })
  expect(inConflict()).toEqual(['a'])
  expect(heard(a, 'A')).toEqual({ begun: [], ended: ['a'] })
  // Nobody but the first was heard elsewhere: where it is back, the other is in no doubt either.
  heard(a, 'B')
  expect(heard(a, 'A').ended.sort()).toEqual(['a', 'b'])
})

test('at an address of nobody it has moved, which is no conflict', () => {
  const { heard, inConflict } = watching(a, b)
  expect(heard(a, 'X')).toEqual({ begun: [], ended: [] })
  expect(inConflict()).toEqual([])
})

test('one that is assigned anew takes its conflict with it', () => {
  const { watch, heard } = watching(a, b)
  heard(a, 'B')
  expect(ids(watch.remove(a))).toEqual(['b'])
  heard(b, 'B')
  expect(heard(b, 'A')).toEqual({ begun: [], ended: [] })
})

test('who knows by other means what stands there ends it for one', () => {
  const { watch, heard } = watching(a, b)
  heard(a, 'B')
  expect([watch.settle(b), watch.settle(b)]).toEqual([true, false])
  expect(heard(a, 'A')).toEqual({ begun: [], ended: ['a'] })
})

test('the channels of a recorder at one address put no other in doubt', () => {
  const channel = { id: 'd', ownHost: 'A' }
  const { heard } = watching(a, channel)
  expect(heard(channel, 'A')).toEqual({ begun: [], ended: [] })
})
