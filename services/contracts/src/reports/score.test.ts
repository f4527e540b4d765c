import { expect, test } from 'vitest'
import { limitIn } from '../errors/limit-in.ts'
import { firstIssue } from '../errors/parse.ts'
import { ScorePolicy } from './score.ts'

const policy: ScorePolicy = {
  items: {
    online: { weight: 30, full: 0.96, zero: 0.8 },
    image: { weight: 15, full: 0.95, zero: 0.8 },
    recording: { weight: 20, full: 0.98, zero: 0.8 },
    record: { weight: 10, full: 1, zero: 0.9 },
    repair: { weight: 20, full: 0.95, zero: 0.7 },
    documents: { weight: 5, full: 1, zero: 0.5 },
  },
  payFull: 90,
  payPart: 80,
  unmeasured: 'left-out',
  provenance: 'test',
}
const faultOf = (wrong: unknown) => {
  const result = ScorePolicy.safeParse(wrong)
  if (result.success) return null
  const { field, limit } = firstIssue(result.error, wrong)
  return `${field} ${limitIn('en', limit)}`
}
const online = (rule: ScorePolicy['items']['online']) => ({ ...policy, items: { ...policy.items, online: rule } })

test('a policy of appraisal is whole: its weights add up, nothing is earned below full, part pay below full pay', () => {
  expect(faultOf(policy)).toBeNull()
  expect(faultOf(online({ weight: 31, full: 0.96, zero: 0.8 }))).toBe('items must have weights that add up to 100')
  expect(faultOf(online({ weight: 30, full: 0.8, zero: 0.96 }))).toBe('items.online.zero must be at most full')
  expect(faultOf({ ...policy, payPart: 91 })).toBe('payPart must be at most payFull')
})

test('weights with decimals add up too', () => {
  const items = {
    ...policy.items,
    online: { ...policy.items.online, weight: 29.9 },
    image: { ...policy.items.image, weight: 15.1 },
  }
  expect(faultOf({ ...policy, items })).toBeNull()
})
