/** What approved adjustments say about the time of one device, and which of them counts where several speak. */
import type { Adjustment, CountedState } from '@hub/contracts'
import type { Span } from '../../common/time/span.ts'
import { type AdjustableDevice, covers } from './covers.ts'
import { windowsOf } from './windows.ts'

/** Time that counts as `countAs`, whatever the evidence says. */
export type Claim = Span & { countAs: CountedState; decidedAt: number }

export type Claiming = Pick<Adjustment, 'status' | 'scope' | 'within' | 'from' | 'to' | 'recurrence' | 'decidedAt'> & {
  countAs: CountedState
}

/** Of the approved ones that cover the device; cut to `within`, in no order. */
export function claimsOf(adjustments: Iterable<Claiming>, device: AdjustableDevice, within: Span): Claim[] {
  const claims: Claim[] = []
  for (const a of adjustments) {
    if (a.status !== 'approved' || a.to <= within.from || a.from >= within.to || !covers(a, device)) continue
    for (const { from, to } of windowsOf(a, within))
      claims.push({ from, to, countAs: a.countAs, decidedAt: a.decidedAt ?? 0 })
  }
  return claims
}

export type Override = Span & { countAs: CountedState }

/**
 * The claims made into stretches that are ascending and apart, each with what counts in it: an exemption before every correction, then
 * the correction decided last. Of corrections decided at one instant the less favourable counts, so that no order of a list
 * can flatter a figure.
 */
export function overridesOf(claims: readonly Claim[], within: Span): Override[] {
  const starts = claims
    .filter((c) => c.from < c.to && c.from < within.to && c.to > within.from)
    .sort((a, b) => a.from - b.from)
  const edges = starts.flatMap((c) => [Math.max(c.from, within.from), Math.min(c.to, within.to)]).sort((a, b) => a - b)
  const overrides: Override[] = []
  let speaking: Claim[] = []
  let next = 0
  for (const [i, from] of edges.entries()) {
    const to = edges[i + 1]
    if (to === undefined || to === from) continue
    speaking = speaking.filter((c) => c.to > from)
    while (next < starts.length && starts[next]!.from <= from) speaking.push(starts[next++]!)
    if (speaking.length === 0) continue
    const { countAs } = speaking.reduce((a, b) => (outranks(b, a) ? b : a))
    const last = overrides.at(-1)
    if (last?.to === from && last.countAs === countAs) last.to = to
    else overrides.push({ from, to, countAs })
  }
  return overrides
}

const favour: Record<CountedState, number> = { up: 0, unknown: 1, down: 2, exempt: 3 }

function outranks(a: Claim, b: Claim): boolean {
  const exempt = Number(a.countAs === 'exempt') - Number(b.countAs === 'exempt')
  return (exempt || a.decidedAt - b.decidedAt || favour[a.countAs] - favour[b.countAs]) > 0
}
