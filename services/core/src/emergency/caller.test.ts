import { expect, test } from 'vitest'
import { maskName, maskPhone } from './caller.ts'

test.each([
  ['13807341234', '138****1234'],
  ['138-0734-1234', '138****1234'],
  ['+8613807341234', '138****1234'],
  ['0734-8123456', '073****3456'],
  ['8123456', '****56'],
  ['110', '****'],
])('%s is shown as %s', (phone, masked) => {
  expect(maskPhone(phone)).toBe(masked)
})

test.each([
  ['张三', '张*'],
  ['欧阳修', '欧**'],
  ['迪丽热巴·迪力木拉提', '迪**'],
  ['李', '*'],
])('%s is shown as %s', (name, masked) => {
  expect(maskName(name)).toBe(masked)
})
