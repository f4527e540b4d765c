/**
 * What a suite needs and not every machine has. Where it is missing, the suite fails in CI (`CI=true`): nobody reads there what was
 * skipped. Elsewhere it is skipped and says so, in its title too, from which `npm test` makes its list of skipped suites.
 */
import { describe, it } from 'vitest'
import { lacking, type Need, verdict } from './machine.ts'

const isCi = process.env.CI === 'true' || process.env.CI === '1'

/** `describe` where everything that it needs is there; otherwise as the head of this file says. */
export function describeWith(title: string, needs: readonly Need[], run: () => void): void {
  const lacks = lacking(needs)
  const why = lacks.map(({ what }) => what).join(', ')
  const outcome = verdict(lacks, isCi)
  if (outcome === 'run') describe(title, run)
  else if (outcome === 'fail')
    describe(title, () => {
      it('has what it needs', () => {
        throw new Error(`${title}: ${why}; with CI=true nothing is skipped`)
      })
    })
  else {
    console.warn(`SKIPPED: ${title}: ${why}`)
    describe.skip(`${title} (skipped: ${why})`, run)
  }
}
