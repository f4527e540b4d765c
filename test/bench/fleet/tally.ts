/** What the centre can tell of the gateway's probes, from their observations alone. */
import type { Observation } from '@hub/contracts'
import { percentile } from '../field/proc.ts'

export type Window = {
  probes: number
  /** p99 of how much later than promised a probe began, milliseconds. */
  lateP99: number | null
  /** p99 of how long a probe took, milliseconds. */
  tookP99: number | null
}

const confirmations = 3

export function createTally() {
  const before = new Map<string, Observation>()
  const fails = new Map<string, number>()
  let probes: { device: string; late: number | null; took: number }[] = []
  const confirmedAt = new Map<string, number>()

  return {
    take(observation: Observation) {
      const last = before.get(observation.device)
      before.set(observation.device, observation)
      const { device, at, ms = 0, verdict } = observation
      probes.push({ device, late: last ? at - (last.at + last.every) : null, took: ms })
      const inRow = verdict === 'fail' ? (fails.get(device) ?? 0) + 1 : 0
      fails.set(device, inRow)
      if (inRow === confirmations) confirmedAt.set(device, performance.now())
    },
    get seen() {
      return before.size
    },
    /** Everything since the last call, without these devices. */
    window(without: ReadonlySet<string> = new Set()): Window {
      const counted = probes.filter(({ device }) => !without.has(device))
      const all = probes.length
      probes = []
      return {
        probes: all,
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
    /** Instants at which the third failed probe in a row was here, of these devices, in order. */
    confirmed: (devices: ReadonlySet<string>, since: number) =>
      [...confirmedAt]
        .filter(([device, at]) => devices.has(device) && at >= since)
        .map(([, at]) => at)
        .sort((a, b) => a - b),
  }
}
