import { expect, it } from 'vitest'
import { ByKey } from './by-key.ts'

it('knows who says a key, and whether it is the only one', () => {
  const by = new ByKey<{ name: string }>()
  const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ name }))
  expect([by.last('k'), by.single('k')]).toEqual([undefined, undefined])
  by.add('k', a!)
  expect([by.last('k'), by.single('k')]).toEqual([a, a])
  by.add('k', b!)
  by.add('k', c!)
  expect([by.last('k'), by.single('k')]).toEqual([c, undefined])
  by.remove('k', c!)
  expect([by.last('k'), by.single('k')]).toEqual([b, undefined])
  by.remove('k', a!)
  expect([by.last('k'), by.single('k')]).toEqual([b, b])
  by.remove('k', a!)
  by.remove('k', b!)
  by.remove('other', b!)
  expect([by.last('k'), by.single('k')]).toEqual([undefined, undefined])
})
