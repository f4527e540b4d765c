/** 完好率: whether a device does all that it is there for. */
import type { IntactPart } from '@hub/contracts'
import { intactParts } from '@hub/contracts'
import { figure, type KpiFigure } from './figure.ts'

/** A device that is due. A part is null when nobody knows: `online` while the state is unknown, the others while not measured. */
export type IntactDevice = Record<IntactPart, boolean | null> & { exempt?: boolean }

/** The parts that somebody measures: those that are known of at least one device. */
export function measuredParts(devices: Iterable<IntactDevice>): IntactPart[] {
  const known = new Set<IntactPart>()
  for (const device of devices) {
    for (const part of intactParts) if (device[part] !== null) known.add(part)
    if (known.size === intactParts.length) break
  }
  return intactParts.filter((part) => known.has(part))
}

/**
 * Devices of which every counted part is good ÷ devices that are judged. One bad part is enough to be not intact; without a
 * bad part, one that is not known leaves the device out: as `unknown` when that is `online`, else as `not-measured`. Parts not in
 * `parts` count for nothing and are listed with the number of devices that they were not asked of.
 */
export function intact(devices: readonly IntactDevice[], parts = measuredParts(devices)): KpiFigure {
  const count = { good: 0, bad: 0, exempt: 0, unknown: 0, unmeasured: 0 }
  for (const device of devices) {
    if (device.exempt) count.exempt++
    else if (parts.some((part) => device[part] === false)) count.bad++
    else if (device.online === null && parts.includes('online')) count.unknown++
    else if (parts.length === 0 || parts.some((part) => device[part] === null)) count.unmeasured++
    else count.good++
  }
  return figure('intact', 'devices', count.good, count.good + count.bad, [
    { reason: 'exempt', count: count.exempt },
    { reason: 'unknown', count: count.unknown },
    { reason: 'not-measured', count: count.unmeasured },
    ...intactParts
      .filter((part) => !parts.includes(part))
      .map((part) => ({ reason: 'not-measured' as const, count: devices.length, part })),
  ])
}
