/** Adjustments found by device: asked for every device and stretch that is accounted, so that only those that name it are looked at. */
import type { Adjustment } from '@hub/contracts'
import type { Span } from '../../common/time/span.ts'
import { type Claim, type Claiming, claimsOf } from './claims.ts'
import type { AdjustableDevice } from './covers.ts'

export type AdjustmentIndex<A extends Claiming> = {
  /** What they say of this device, in any order, each cut to the stretch. */
  claims(device: AdjustableDevice, within: Span): Claim[]
  /** Those that may touch the stretch, as they were given. */
  touching(within: Span): readonly A[]
}

const nothing: readonly never[] = []

export function indexAdjustments<A extends Claiming>(all: readonly A[]): AdjustmentIndex<A> {
  /** By what they name: device, pole, feed or district. */
  const named: { [by in Adjustment['scope']['by']]: Map<string, A[]> } = {
    devices: new Map(),
    pole: new Map(),
    feed: new Map(),
    district: new Map(),
  }
  for (const adjustment of all) {
    const { by, values } = adjustment.scope
    for (const value of new Set(values)) {
      const there = named[by].get(value)
      if (there) there.push(adjustment)
      else named[by].set(value, [adjustment])
    }
  }
  return {
    claims(device, within) {
      if (all.length === 0) return []
      const candidates = [
        ...(named.devices.get(device.id) ?? nothing),
        ...((device.pole !== null && named.pole.get(device.pole)) || nothing),
        ...((device.feed !== null && named.feed.get(device.feed)) || nothing),
        ...(named.district.get(device.district) ?? nothing),
      ].filter(({ from, to }) => from < within.to && to > within.from)
      return candidates.length === 0 ? [] : claimsOf(candidates, device, within)
    },
    touching: ({ from, to }) => all.filter((a) => a.from < to && a.to > from),
  }
}
