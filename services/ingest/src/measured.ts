/** What sensors measured, on its way to rooms that act on it. */
import type { MessageInput, Observation } from '@hub/contracts'
import { measureNames } from '@hub/contracts'
import type { Outgoing } from '@hub/platform'
import type { Directory } from './directory.ts'

type Measured = MessageInput<'measured'>
type Batch = { observations: readonly Observation[] }

/** Inside the transaction of the batches, each of which is committed once: so is what is said of it. Nothing of one without values. */
export function measuredIn(batches: readonly Batch[], directory: Pick<Directory, 'device'>, at: number): Outgoing[] {
  const outgoing: Outgoing[] = []
  for (const { observations } of batches) {
    let districts: Set<Measured['districts'][number]> | undefined
    const samples: Measured['samples'] = []
    for (const o of observations) {
      if (o.kind !== 'telemetry') continue
      const values = valuesOf(o)
      const district = values && directory.device(o.device)?.district
      if (!district) continue
      districts ??= new Set()
      districts.add(district)
      samples.push({ device: o.device, at: o.at, values })
    }
    if (districts)
      outgoing.push({ name: 'measured', params: {}, value: { v: 1, at, districts: [...districts], samples } })
  }
  return outgoing
}

/** Measures alone: what the gateway adds, as the offset of a clock, is none. */
function valuesOf({ values = {} }: Observation): Measured['samples'][number]['values'] | undefined {
  let known: Measured['samples'][number]['values'] | undefined
  for (const name of measureNames) {
    const value = values[name]
    if (value === undefined) continue
    known ??= {}
    known[name] = value
  }
  return known
}
