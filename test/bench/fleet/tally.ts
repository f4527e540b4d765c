/** What the centre can tell of the gateway's looks, from the looks alone. */
import type { Observation } from '@hub/contracts'
import { percentile } from '../field/proc.ts'

export type Window = {
  looks: number
  /** p99 of how much later than promised a look began, milliseconds. */
  lateP99: number | null
  /** p99 of how long a look took, milliseconds. */
  tookP99: number | null
}

const confirmations = 3

export function createTally() {
  const before = new Map<string, Observation>()
  const fails = new Map<string, number>()
  let looks: { device: string; late: number | null; took: number }[] = []
  const confirmedAt = new Map<string, number>()

  return {
    take(look: Observation) {
      const last = before.get(look.device)
      before.set(look.device, look)
      looks.push({ device: look.device, late: last ? look.at - (last.at + last.every) : null, took: look.ms ?? 0 })
      const inRow = look.verdict === 'fail' ? (fails.get(look.device) ?? 0) + 1 : 0
      fails.set(look.device, inRow)
      if (inRow === confirmations) confirmedAt.set(look.device, performance.now())
    },
    get seen() {
      return before.size
    },
    /** Everything since the last call, without these devices. */
    window(without: ReadonlySet<string> = new Set()): Window {
      const counted = looks.filter((look) => !without.has(look.device))
      const all = looks.length
      looks = []
      return {
        looks: all,
        lateP99: percentile(
          counted.flatMap(({ late }) => (late === null ? [] : [late])),
          99,
        ),
        tookP99: percentile(
          counted.map(({ took }) => took),
          99,
        ),
      }
    },
    /** Instants at which the third failed look in a row was here, of these devices, in order. */
    confirmed: (devices: ReadonlySet<string>, since: number) =>
      [...confirmedAt]
        .filter(([device, at]) => devices.has(device) && at >= since)
        .map(([, at]) => at)
        .sort((a, b) => a - b),
  }
}
