/**
 * The city as it is now, in memory: the registry joined with the present states. The record stays the truth; this is a copy that
 * transitions keep current, so that an overview or a stream's snapshot reads no table.
 */
import { type DeviceState, inScope, type Scope, type Stage, type Transition } from '@hub/contracts'
import type { AdjustableDevice } from '@hub/core'

export type LiveDevice = AdjustableDevice & {
  name: string
  stage: Stage
  state: DeviceState
  since: number | null
  /** An approved exemption covers it now. */
  exempt: boolean
}

export interface LiveModel {
  /**
   * Replaces the devices by what the record says, as of when its reading began. Returns those known before whose state is another now.
   */
  load(devices: Iterable<LiveDevice>, asOf: number): LiveDevice[]
  /** False when the device is not known (yet), or a later decision is already in. */
  apply(transition: Transition): boolean
  get(id: string): LiveDevice | undefined
  /** In the order of the ids. */
  devices(scope: Scope): LiveDevice[]
}

export function createLiveModel(): LiveModel {
  let byId = new Map<string, LiveDevice>()
  /** When each state was decided: a message that comes twice or late changes nothing. */
  const decided = new Map<string, number>()
  return {
    load(devices, asOf) {
      const before = byId
      byId = new Map([...devices].sort((a, b) => (a.id < b.id ? -1 : 1)).map((device) => [device.id, device]))
      for (const [id, at] of decided) {
        const [then, now] = [before.get(id), byId.get(id)]
        if (!now) decided.delete(id)
        // Decided while the rows were read: they may not have it.
        else if (then && at >= asOf) Object.assign(now, { state: then.state, since: then.since })
      }
      for (const [id, device] of byId) device.exempt = before.get(id)?.exempt ?? false
      return [...byId.values()].filter((now) => {
        const then = before.get(now.id)
        return then !== undefined && (then.state !== now.state || then.since !== now.since)
      })
    },
    apply({ device: id, to, at, decidedAt }) {
      const device = byId.get(id)
      if (!device || decidedAt < (decided.get(id) ?? 0)) return false
      decided.set(id, decidedAt)
      device.state = to
      device.since = at
      return true
    },
    get: (id) => byId.get(id),
    devices: (scope) => [...byId.values()].filter((device) => inScope(scope, device.district)),
  }
}
