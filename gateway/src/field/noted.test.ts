import { expect, it } from 'vitest'
import { type Noted, note } from './noted.ts'

it('the same thing again is counted, the newest stands first, and ten are kept', () => {
  let all: Noted<{ reason: string }>[] = []
  for (const [now, reason] of ['a', 'b', 'a'].entries()) all = note(all, { reason }, now)
  expect(all).toEqual([
    { reason: 'a', firstAt: 0, lastAt: 2, count: 2 },
    { reason: 'b', firstAt: 1, lastAt: 1, count: 1 },
  ])
  for (let n = 0; n < 20; n++) all = note(all, { reason: `${n}` }, n)
  expect([all.length, all[0]!.reason, all.at(-1)!.reason]).toEqual([10, '19', '10'])
})
