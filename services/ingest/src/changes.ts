/** A device as the projection holds it, and what one group of batches does to such devices until it is committed. */
import type { DeviceState, Interval, Observation, Rule } from '@hub/contracts'
import type { DeviceHealth, Run } from '@hub/core'
import type { LatestValues } from './latest-values.ts'

export type Tracked = {
  readonly id: string
  health: DeviceHealth
  /** The state that the bus knows of. */
  told: DeviceState
  /** Oldest first; a few more than are kept, so that trimming is rare. */
  recent: Observation[]
  latest: LatestValues
  /** Last batch in `health`. */
  applied: number
  /** First batch in `health` that the device's rows do not have; 0 when they have all. */
  unwritten: number
  /** Closed runs that are not written yet. */
  closed: Run[]
  /** Observations that came after later ones and are not in `health` yet; their batches are after those that the rows have. */
  late: Observation[]
  /** When the first of them came. */
  lateSince: number
}

export type Change = { from: DeviceState; to: DeviceState; at: number; rule: Rule }

/** What happened to the state of one device in a group of batches. */
export type Steps = { changes: Change[]; recent: boolean }

/** What one group of batches does to the devices, until it is committed. */
export type Changes = {
  /** The centre's clock. */
  now: number
  /** Upserts by `from`, for each device whose intervals changed. */
  intervals: Map<Tracked, Interval[]>
  /** Devices whose late observations are merged with this group. */
  amended: Set<Tracked>
  /** Devices whose state changed, or is not what was published. */
  steps: Map<Tracked, Steps>
  transitions: { device: string; change: Change }[]
  corrections: { device: string; from: number; to: number }[]
}

export const noChanges = (now: number): Changes => ({
  now,
  intervals: new Map(),
  amended: new Set(),
  steps: new Map(),
  transitions: [],
  corrections: [],
})
