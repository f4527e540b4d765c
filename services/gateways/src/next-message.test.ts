import { expect, test } from 'vitest'
import type { InForce } from './assigned.ts'
import { type Held, nextMessage } from './next-message.ts'

const inForce: InForce = { version: 20, digest: 'd', pruned: 10 }
const held = (version: number, digest: string | undefined = 'd', whole?: Held['whole']): Held => ({
  version,
  digest,
  whole,
})
const start = { kind: 'range', after: null, to: 20 }

test.each<[string, Held, object]>([
  ['holds what is in force', held(20), { kind: 'nothing' }],
  ['holds another list under this version', held(20, 'x'), start],
  ['has not said its digest: it is asked', { ...held(20), digest: undefined }, { kind: 'delta', from: 20 }],
  ['is behind', held(12), { kind: 'delta', from: 12 }],
  ['is as far behind as is known', held(10), { kind: 'delta', from: 10 }],
  ['is farther behind: what was taken away is not known any more', held(9), start],
  ['holds nothing', held(0, '0'), { kind: 'delta', from: 0 }],
  ['is ahead: the Record was restored', held(21), start],
  ['is in the middle of a whole list', held(3, 'x', { to: 15, upTo: 'c' }), { kind: 'range', after: 'c', to: 15 }],
  ['is in the middle of one that was never', held(3, 'x', { to: 21, upTo: 'c' }), start],
  ['is in the middle of one that is too old', held(3, 'x', { to: 9, upTo: 'c' }), start],
])('a gateway that %s', (_, state, expected) => {
  expect(nextMessage(state, inForce)).toEqual(expected)
})
