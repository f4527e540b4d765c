import fc from 'fast-check'
import { expect, test } from 'vitest'
import { neutralise, readCell, restore, textCell } from './neutralise.ts'

test('cells that a spreadsheet would run are neutralised, and restored exactly', () => {
  expect(neutralise('=HYPERLINK("http://x")')).toBe(`'=HYPERLINK("http://x")`)
  for (const cell of ['+1', '-1', '@x', '\tx', '\rx']) expect(neutralise(cell)).toBe(`'${cell}`)
  expect(neutralise("it's")).toBe("it's")
  const cell = fc.oneof(fc.string(), fc.stringMatching(/^'{0,3}[=+\-@\t\r]?.?$/))
  fc.assert(
    fc.property(cell, (text) => {
      expect(neutralise(text)).not.toMatch(/^[=+\-@\t\r]/)
      expect(restore(neutralise(text))).toBe(text)
    }),
  )
})

test.each(['43040500001320000001', '0734', '1E5', '3-4', '2019-1', '1/2', '8:30', '1,000'])(
  '%s, of which Excel would make another value, has a mark and is read as it was',
  (text) => {
    expect(textCell(text)).toBe(`\t${text}`)
    expect(readCell(textCell(text))).toEqual({ text, marked: true })
  },
)

test.each(['解放路 1 号', '0734-8112345', '10.0.0.1', '12', 'L0012', '44:19:b6:00:00:01'])('%s needs no mark', (text) =>
  expect(textCell(text)).toBe(text),
)

test('whatever text is written as a cell is read as it was', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^'{0,2}[=+\-@]?[0-9]{0,20}$/)).map((one) => one.trim())
  fc.assert(
    fc.property(text, (one) => {
      expect(readCell(textCell(one)).text).toBe(one)
    }),
  )
})

test('a formula that says nothing but a text is that text', () =>
  expect(readCell('="43040500001320000000"')).toEqual({ text: '43040500001320000000', marked: true }))
