/** Tenures of a device as they would be after something else was said of its past. */
import type { RecordChange } from '@hub/contracts'
import { restate, type Span } from '@hub/core'
import type { Tenure } from '../device-time.ts'
import { attributes, type Values } from '../narrowing.ts'
import { sameValues } from '../rollup/summed.ts'

export const restateTenures = (
  tenures: readonly Tenure[],
  { from, to }: Span,
  { due, ...change }: RecordChange,
): Tenure[] => restate(tenures, { from, to, due, set: (tenure) => withChange(tenure, change) }, same)

function withChange(tenure: Tenure, change: Omit<RecordChange, 'due'>): Tenure {
  const named: Partial<Record<string, string>> = change
  const values: Values = attributes.map((attribute, i) => named[attribute] ?? tenure.values[i]!)
  const { carrier = tenure.carrier, application = tenure.application, pole, feed } = change
  return {
    ...tenure,
    values,
    carrier,
    application,
    pole: pole === undefined ? tenure.pole : pole || null,
    feed: feed === undefined ? tenure.feed : feed || null,
  }
}

const same = (a: Tenure, b: Tenure): boolean =>
  sameValues(a.values, b.values) && a.kind === b.kind && a.pole === b.pole && a.feed === b.feed
