/** A monthly scorecard (考核): what each item earns. */
import type { ScoreCoverage, Scorecard, ScoreItem, ScoreLine, ScorePolicy, ScoreRule } from '@hub/contracts'
import { scoreItems } from '@hub/contracts'
import { rateText } from '../common/cut.ts'
import { isMeasurable } from './coverage.ts'

export type ScoreInput = {
  policy: ScorePolicy
  coverage: ScoreCoverage
  /** Counts of the hub's own, whole numbers; a denominator of 0 is not measured. */
  measured: { readonly [item in ScoreItem]?: { numerator: number; denominator: number; source?: string } }
  /** Figures from outside, 0 to 1: they count where the hub measured nothing. */
  stated: { readonly [item in ScoreItem]?: { value: number; source: string } }
}

export type Score = Pick<Scorecard, 'lines' | 'score' | 'pay'> & { coverage: ScoreCoverage }

/**
 * 100 less the deductions. An item loses nothing at `full`, its whole weight at `zero`, and in between in proportion. Weights and deductions
 * are rounded to two decimals (half up; weights so that their sum stays), the score is what the printed deductions leave. An
 * unmeasured item weighs nothing and the others grow in proportion (`left-out`), or it loses its whole weight (`zero`); where nothing at
 * all was measured nobody can take the weights, and everything is lost. With less than the least coverage there are lines but no score and
 * no pay: what was not seen is not good, and not bad.
 */
export function scoreCard({ policy, coverage, measured, stated }: ScoreInput): Score {
  const values = scoreItems.map((item) => measureOf(measured[item], stated[item]))
  const shared = policy.unmeasured === 'left-out' && values.some((v) => v.basis !== 'unmeasured')
  const weights = sharesOf(
    scoreItems.map((item, i) => (shared && values[i]!.basis === 'unmeasured' ? 0 : policy.items[item].weight)),
    scoreItems.reduce((sum, item) => sum + policy.items[item].weight, 0),
  )
  const deductions = weights.map((weight, i) => lost(weight, values[i]!, policy.items[scoreItems[i]!]))
  const lines = scoreItems.map((item, i): ScoreLine => {
    const { numerator, denominator, basis, source } = values[i]!
    const value = denominator > 0 ? numerator / denominator : null
    return {
      item,
      weight: weights[i]! / 100,
      value,
      rateText: rateText(value),
      numerator: basis === 'computed' ? numerator : null,
      denominator: basis === 'computed' ? denominator : null,
      deduction: deductions[i]! / 100,
      basis,
      source,
    }
  })
  if (!isMeasurable(coverage)) return { lines, coverage, score: null, pay: null }
  const score = Math.max(0, 10_000 - deductions.reduce((a, b) => a + b, 0)) / 100
  return { lines, coverage, score, pay: score >= policy.payFull ? 'full' : score >= policy.payPart ? 'part' : 'none' }
}

type Value = { numerator: number; denominator: number } & Pick<ScoreLine, 'basis' | 'source'>

/** Decimals of a stated figure or of a rule that count. */
const scale = 1_000_000_000

function measureOf(measured: ScoreInput['measured'][ScoreItem], stated: ScoreInput['stated'][ScoreItem]): Value {
  if (measured && measured.denominator > 0) {
    const { numerator, denominator, source = '' } = measured
    return { numerator, denominator, basis: 'computed', source }
  }
  if (stated)
    return {
      numerator: Math.round(stated.value * scale),
      denominator: scale,
      basis: 'stated',
      source: stated.source,
    }
  return { numerator: 0, denominator: 0, basis: 'unmeasured', source: '' }
}

/** Hundredths of a point that add up to `total` points, in proportion to `parts`: the largest remainders are rounded up. */
function sharesOf(parts: readonly number[], total: number): number[] {
  const sum = parts.reduce((a, b) => a + b, 0)
  const exact = parts.map((part) => (sum > 0 ? (part * total * 100) / sum : 0))
  // What is whole but for binary fractions is whole.
  const shares = exact.map((share) => Math.floor(share + 1e-6))
  const rest = Math.round(sum > 0 ? total * 100 : 0) - shares.reduce((a, b) => a + b, 0)
  const order = exact.map((share, i) => ({ i, over: share - shares[i]! })).sort((a, b) => b.over - a.over || a.i - b.i)
  for (const { i } of order.slice(0, rest)) shares[i]!++
  return shares
}

/** Hundredths of a point. Exact: binary fractions of a rate decide no rounding. */
function lost(weight: number, { numerator, denominator, basis }: Value, { full, zero }: ScoreRule): number {
  if (basis === 'unmeasured') return weight
  const [top, bottom] = [BigInt(Math.round(full * scale)), BigInt(Math.round(zero * scale))]
  const [n, d] = [BigInt(numerator) * BigInt(scale), BigInt(denominator)]
  if (n >= top * d) return 0
  if (n <= bottom * d) return weight
  const missing = BigInt(weight) * (top * d - n)
  const span = (top - bottom) * d
  return Number((2n * missing + span) / (2n * span))
}
