/** Begins and ends faults, by order and by time, and writes down when. */
import type { Clock } from '../clock.ts'
import {
  defaultValue,
  type FaultName,
  type FaultOrder,
  type FaultValue,
  isMatched,
  type Match,
  type SimDevice,
} from './fault.ts'
import type { TruthLog } from './truth.ts'

/** What a fault does to a device. */
export type Effects = {
  begin(device: SimDevice, fault: FaultName, value: FaultValue | undefined): void
  end(device: SimDevice, fault: FaultName): void
}

export type ActiveFault = { device: string; fault: FaultName; value?: FaultValue; since: number }

export type Faults = {
  /** How many devices it met. A fault that a device has already with the same value goes on; its end is the new order's. `among`: only of these. */
  begin(order: FaultOrder, among?: readonly SimDevice[]): number
  /** How many faults it ended. */
  end(match: Match, fault?: FaultName): number
  active(): ActiveFault[]
  stop(): void
}

type Held = { value: FaultValue | undefined; since: number; order: FaultOrder }

export function createFaults(devices: readonly SimDevice[], clock: Clock, truth: TruthLog, effects: Effects): Faults {
  const held = new Map<SimDevice, Map<FaultName, Held>>()
  const timers = new Set<() => void>()

  const write = (device: SimDevice, what: FaultName, phase: 'began' | 'ended', value?: FaultValue): void =>
    truth.append({ at: clock.now(), device: device.id, what, phase, ...(value === undefined ? {} : { value }) })

  function lift(device: SimDevice, fault: FaultName): void {
    const own = held.get(device)!
    own.delete(fault)
    if (own.size === 0) held.delete(device)
    effects.end(device, fault)
    write(device, fault, 'ended')
  }

  function endWhere(keep: (device: SimDevice, fault: FaultName, was: Held) => boolean): number {
    let ended = 0
    for (const device of devices)
      for (const [fault, was] of held.get(device) ?? [])
        if (!keep(device, fault, was)) {
          lift(device, fault)
          ended++
        }
    return ended
  }

  return {
    begin(order, among = devices) {
      const value = order.value ?? defaultValue[order.fault]
      const met = among.filter((device) => isMatched(device, order.match))
      for (const device of met) {
        const before = held.get(device)?.get(order.fault)
        if (before && before.value !== value) lift(device, order.fault)
        const own = held.get(device) ?? new Map<FaultName, Held>()
        const goesOn = own.get(order.fault)
        held.set(device, own.set(order.fault, { value, since: goesOn?.since ?? clock.now(), order }))
        if (goesOn) continue
        effects.begin(device, order.fault, value)
        write(device, order.fault, 'began', value)
      }
      if (order.forMs !== undefined && met.length > 0) {
        const cancel = clock.after(order.forMs, () => {
          timers.delete(cancel)
          endWhere((_, __, was) => was.order !== order)
        })
        timers.add(cancel)
      }
      return met.length
    },
    end: (match, fault) =>
      endWhere((device, name) => !isMatched(device, match) || (fault !== undefined && fault !== name)),
    active: () =>
      [...held].flatMap(([device, own]) =>
        [...own].map(([fault, { value, since }]) => ({
          device: device.id,
          fault,
          ...(value === undefined ? {} : { value }),
          since,
        })),
      ),
    stop() {
      for (const cancel of timers) cancel()
    },
  }
}
