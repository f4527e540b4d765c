import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayMs } from '../common/time/units.ts'
import { learnCohorts } from './cohorts.ts'

const span = 40_000
const at = (from: number, ...devices: string[]) => devices.map((device, n) => ({ device, from: from + n * 1_000 }))

describe('devices that fail together', () => {
  it('are a cohort once they have done so twice, named by the lowest', () => {
    expect(learnCohorts(at(0, 'b', 'a', 'c'), span)).toEqual(new Map())
    expect(learnCohorts([...at(0, 'b', 'a', 'c'), ...at(dayMs, 'c', 'b', 'a')], span)).toEqual(
      new Map([['a', ['a', 'b', 'c']]]),
    )
  })
  it('are none when they fail apart as often', () => {
    const apart = [1, 2, 3].flatMap((n) => [...at(n * dayMs, 'a'), ...at(n * dayMs + dayMs / 2, 'b')])
    expect(learnCohorts([...at(0, 'a', 'b'), ...at(10 * dayMs, 'a', 'b'), ...apart], span)).toEqual(new Map())
  })
  it('are none when half the city failed with them', () => {
    const many = Array.from({ length: 31 }, (_, n) => `d${n}`)
    expect(learnCohorts([...at(0, ...many), ...at(dayMs, ...many)], span)).toEqual(new Map())
  })
  it('are the same in whatever order their failures are told, and no device is in two cohorts', () => {
    const failure = fc.record({
      device: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      from: fc.nat(20).map((n) => n * span),
    })
    fc.assert(
      fc.property(fc.array(failure, { maxLength: 60 }), fc.nat(), (failures, n) => {
        const turned = [...failures.slice(n % 61), ...failures.slice(0, n % 61)].reverse()
        const cohorts = learnCohorts(failures, span)
        expect(learnCohorts(turned, span)).toEqual(cohorts)
        const members = [...cohorts.values()].flat()
        expect(new Set(members).size).toBe(members.length)
      }),
    )
  })
})
