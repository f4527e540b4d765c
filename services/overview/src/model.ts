/**
 * The city as it is now, in memory: the registry joined with the present states. The record stays the truth; this is a copy that
 * transitions keep current, so that an overview or a stream's snapshot reads no table.
 */
import { type DeviceState, inScope, type Stage, type Transition } from '@hub/contracts'
import { type AdjustableDevice, inAnyUnit } from '@hub/core'
import type { Listeners } from '@hub/platform'

export type LiveDevice = AdjustableDevice & {
  name: string
  stage: Stage
  state: DeviceState
  since: number | null
  /** The unit that maintains it, by the record. */
  maintainer: string | null
  /** An approved exemption covers it now. */
  exempt: boolean
}

export interface LiveModel {
  /**
   * Replaces the devices by what the record says, as of when its reading began. Returns those known before whose state is another now.
   */
  load(devices: Iterable<LiveDevice>, asOf: number): LiveDevice[]
  /** The same of some devices: as the record has them, and those that it has no more. */
  update(devices: readonly LiveDevice[], gone: Iterable<string>, asOf: number): LiveDevice[]
  /** False when the device is not known (yet), or a later decision is already in. */
  apply(transition: Transition): boolean
  get(id: string): LiveDevice | undefined
  /** In the order of the ids. */
  devices(listeners: Listeners): LiveDevice[]
  /** Replaces what work orders give to units, by device. */
  setOrdered(units: ReadonlyMap<string, readonly string[]>): void
  /** Whom a device concerns: who maintains it, and to whom work orders give it. */
  unitsOf(device: string): string[]
  sees(listeners: Listeners, device: Pick<LiveDevice, 'id' | 'district'>): boolean
}

export function createLiveModel(): LiveModel {
  let byId = new Map<string, LiveDevice>()
  let inOrder = true
  let ordered: ReadonlyMap<string, readonly string[]> = new Map()
  /** When each state was decided: a message that comes twice or late changes nothing. */
  const decided = new Map<string, number>()
  /** What was decided of devices that a reading under way will bring: its rows may be older. Forgotten with the next reading of all. */
  const early = new Map<string, Transition>()
  const sorted = (devices: Iterable<LiveDevice>) =>
    new Map([...devices].sort((a, b) => (a.id < b.id ? -1 : 1)).map((device) => [device.id, device]))
  /** What a reading does not say: an exemption, and a state that was decided while the rows were read (they may not have it). */
  const keep = (now: LiveDevice, then: LiveDevice | undefined, asOf: number): void => {
    now.exempt = then?.exempt ?? false
    const at = decided.get(now.id)
    if (then && at !== undefined && at >= asOf) Object.assign(now, { state: then.state, since: then.since })
    const first = then ? undefined : early.get(now.id)
    if (!first || first.decidedAt < asOf) return
    early.delete(now.id)
    decided.set(now.id, first.decidedAt)
    Object.assign(now, { state: first.to, since: first.at })
  }
  const differs = (now: LiveDevice, then: LiveDevice | undefined): boolean =>
    then !== undefined && (then.state !== now.state || then.since !== now.since)
  const unitsOf = (id: string): string[] => {
    const maintainer = byId.get(id)?.maintainer
    return [...(maintainer ? [maintainer] : []), ...(ordered.get(id) ?? [])]
  }
  const sees = ({ scope, units }: Listeners, { id, district }: Pick<LiveDevice, 'id' | 'district'>): boolean =>
    inScope(scope, district) && (units === 'all' || inAnyUnit(units, unitsOf(id)))
  return {
    unitsOf,
    sees,
    setOrdered(units) {
      ordered = units
    },
    load(devices, asOf) {
      const before = byId
      byId = sorted(devices)
      inOrder = true
      for (const id of decided.keys()) if (!byId.has(id)) decided.delete(id)
      for (const [id, device] of byId) keep(device, before.get(id), asOf)
      early.clear()
      return [...byId.values()].filter((now) => differs(now, before.get(now.id)))
    },
    update(devices, gone, asOf) {
      for (const id of gone) {
        byId.delete(id)
        decided.delete(id)
      }
      return devices.filter((now) => {
        const then = byId.get(now.id)
        keep(now, then, asOf)
        byId.set(now.id, now)
        inOrder &&= then !== undefined
        return differs(now, then)
      })
    },
    apply(transition) {
      const { device: id, to, at, decidedAt } = transition
      const device = byId.get(id)
      if (!device && decidedAt >= (early.get(id)?.decidedAt ?? 0)) early.set(id, transition)
      if (!device || decidedAt < (decided.get(id) ?? 0)) return false
      decided.set(id, decidedAt)
      device.state = to
      device.since = at
      return true
    },
    get: (id) => byId.get(id),
    devices(listeners) {
      if (!inOrder) byId = sorted(byId.values())
      inOrder = true
      return [...byId.values()].filter((device) => sees(listeners, device))
    },
  }
}
