/** The correlation as the bench drives it. This is the one file that knows its interface: what it learns to hear is given to it here. */
import {
  type CorrelatedOutage,
  Correlator,
  defaultCorrelationPolicy,
  type Episode,
  learnCohorts,
  nodeOf,
  type OutageEffect,
  topologyOf,
} from '@hub/core'
import type { FieldEvent, Scenario } from './types.ts'

export type Settled = { effects: OutageEffect[]; outages: Set<CorrelatedOutage>; episodes: Set<Episode> }
export type Correlation = {
  apply(event: FieldEvent): void
  settle(now: number): Settled
  /** What failed together before, looked for by the hour: costs no event anything. */
  learn(now: number): void
  /** Devices that the record says are behind it. */
  behind(kind: string, key: string): ReadonlySet<string>
  cpuMs(): number
}

const hour = 3_600_000
/** Failures in the same half minute are seen within two rounds of probes, and more when a probe is late. */
const togetherMs = 120_000
const none: ReadonlySet<string> = new Set()

export function createCorrelation({ devices, record, from, works }: Scenario): Correlation {
  const recorded = devices.map((d) => ({ ...d, ...record[d.id] }))
  let topology = topologyOf(recorded)
  const correlator = new Correlator(topology, defaultCorrelationPolicy)
  const past = new Map<Episode, { device: string; from: number }>()
  const ending = works.toSorted((a, b) => a.to - b.to)
  /** What is still out when work ends is judged again, as the follower of outages does. */
  const judge = (now: number) => {
    while (ending.length > 0 && ending[0]!.to <= now) {
      const { to: countsFrom, devices: own } = ending.shift()!
      for (const device of own)
        if (!ending.some((w) => w.from <= now && w.devices.includes(device)))
          correlator.judge(device, { expected: false, countsFrom })
    }
  }
  let [learntAt, learnt, micros] = [from, 0, 0]
  const timed = <T>(work: () => T): T => {
    const began = process.cpuUsage()
    const result = work()
    const { user, system } = process.cpuUsage(began)
    micros += user + system
    return result
  }
  return {
    apply: (event) => timed(() => correlator.apply(event)),
    settle: (now) =>
      timed(() => {
        judge(now)
        const effects = correlator.settle(now)
        const changes = correlator.takeChanges()
        for (const e of changes.episodes) if (!past.has(e)) past.set(e, { device: e.device, from: e.from })
        return { effects, ...changes }
      }),
    learn: (now) => {
      if (now - learntAt < hour || past.size === learnt) return
      ;[learntAt, learnt] = [now, past.size]
      topology = topologyOf(recorded, learnCohorts([...past.values()], togetherMs))
      correlator.setTopology(topology)
    },
    // A kind that the correlation does not know yet has no node.
    behind: (kind, key) => topology.behind.get(nodeOf(kind as CorrelatedOutage['cause']['kind'], key)) ?? none,
    cpuMs: () => micros / 1_000,
  }
}

/** How sure it says it is of the cause, when it says so. */
export function probabilityOf(outage: CorrelatedOutage): number | null {
  const said = outage as { probability?: number; evidence: { probability?: number } }
  return said.probability ?? said.evidence.probability ?? null
}
