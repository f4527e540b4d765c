import { expect, test } from 'vitest'
import { readPgm } from './decode.ts'
import { isFrozen } from './frozen.ts'

const picture = (values: number[]) => ({ width: values.length, height: 1, luma: Buffer.from(values) })
const grey = new Array<number>(1_000).fill(100)

test.each([
  ['the same picture', grey, grey, true],
  ['encoded once more', grey, grey.with(5, 109), true],
  ["a sensor's noise", grey, grey.map((value, n) => value + (n % 4 === 0 ? 1 : 0)), false],
  ['of another size', grey, grey.slice(1), false],
])('%s: frozen is %4$s', (_, first, last, frozen) => {
  expect(isFrozen([picture(first), picture(last)])).toBe(frozen)
})
test('one picture tells nothing', () => expect(isFrozen([picture(grey)])).toBe(false))

test('images are read one after another, and a cut one is left out', () => {
  const image = (luma: number[]) => Buffer.concat([Buffer.from('P5\n2 2\n255\n'), Buffer.from(luma)])
  const bytes = Buffer.concat([image([1, 2, 3, 4]), image([80, 53, 10, 32]), image([1, 2, 3])])
  expect(readPgm(bytes).map(({ luma }) => [...luma])).toEqual([
    [1, 2, 3, 4],
    [80, 53, 10, 32],
  ])
  expect(readPgm(Buffer.from('no image'))).toEqual([])
})
