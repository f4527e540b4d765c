import { expect, test } from 'vitest'
import { isToldOfSeal } from './seal.ts'

const district = { districts: ['430405' as const] }
const carrier = { districts: [], unit: '中国电信衡阳分公司' }

test.each([
  ['of every card, who is told of the whole city', district, {}, {}, true],
  ['not twice', district, { sealed: 1 }, {}, false],
  ['of the own district', district, {}, { districts: ['430405', '430406'] }, true],
  ['not of another one', district, {}, { districts: ['430481'] }, false],
  ['not of a carrier, who has but some districts', carrier, {}, { districts: ['430405'] }, false],
  ['of the own unit', carrier, {}, { units: ['中国电信衡阳分公司'] }, true],
  ['not of another unit', carrier, {}, { units: ['某公司'] }, false],
  ['not of a district, as a unit', district, {}, { units: ['某公司'] }, false],
] as const)('a recipient is told %s', (_, of, known, to, told) => {
  expect(isToldOfSeal({ ...of, districts: [...of.districts] }, known, to)).toBe(told)
})
