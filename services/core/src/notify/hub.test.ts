import { expect, test } from 'vitest'
import { hubDecisionOf } from './hub.ts'

test.each([
  ['that it is behind, at once', { ended: false }, {}, {}, 'hub-behind'],
  ['not twice', { ended: false }, { behind: 1 }, {}, null],
  ['that it has caught up', { ended: true }, { behind: 1 }, {}, 'hub-caught-up'],
  ['not twice either', { ended: true }, { behind: 1, caughtUp: 2 }, {}, null],
  ['only the end, where that came first', { ended: true }, {}, {}, 'hub-caught-up'],
  ['nothing, who has but some districts', { ended: false }, {}, { districts: ['430405'] }, null],
  ['nothing, who has but some units', { ended: false }, {}, { units: ['甲'] }, null],
] as const)('a recipient is told %s', (_, of, known, to, decision) => {
  expect(hubDecisionOf(of, known, to)).toBe(decision)
})
