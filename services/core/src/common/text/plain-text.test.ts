import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainText, plainValue } from './plain-text.ts'

test.each([
  ['right-to-left override', '相机\u202egpj.exe', '相机gpj.exe'],
  ['isolates and marks', '\u2066东\u2069\u200e西\u200f\u061c', '东西'],
  ['NUL, escape and C1', 'a\0b\u001bc\u0085d\u009be', 'abc de'],
  ['line breaks and TAB', '东\r\n西\t南\u2028北', '东 西 南 北'],
  ['what has no width', '\ufeff43\u200b04\u2060\u00ad', '4304'],
  ['tags and annotations', 'a\u{e0041}b\ufff9c', 'abc'],
  ['half a pair', 'a\ud800b', 'a\ufffdb'],
  ['what is meant', '👩‍🔧 东门（3 号）·𠮷', '👩‍🔧 东门（3 号）·𠮷'],
])('%s', (_, text, plain) => expect(plainText(text)).toBe(plain))

test('nothing hidden is left, and a second time changes nothing', () => {
  const seen = /[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029]/u
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const plain = plainText(text)
      expect([seen.test(plain), plain.isWellFormed(), plainText(plain) === plain]).toEqual([false, true, true])
    }),
  )
})

test('of a body every text, but secrets; a note keeps its lines', () => {
  const body = {
    name: 'a\0b',
    note: '一\r\n二\u202e',
    password: 'p\u202e\0w',
    list: [{ key: 'x\u200by', n: 1 }],
    none: null,
  }
  expect(plainValue(body)).toEqual({
    name: 'ab',
    note: '一\n二',
    password: 'p\u202e\0w',
    list: [{ key: 'xy', n: 1 }],
    none: null,
  })
  const clean = { name: '东门', list: ['a', { b: 1 }] }
  expect(plainValue(clean)).toBe(clean)
})

test('time is linear in the text', () => {
  const began = performance.now()
  plainText(`${' '.repeat(100_000)}\0${'\n\0'.repeat(100_000)}`)
  expect(performance.now() - began).toBeLessThan(2_000)
})
