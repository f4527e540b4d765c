/** The approved exemptions and corrections, found by device: asked for every device and stretch that is accounted. */
import type { DatabaseSync } from 'node:sqlite'
import type { Adjustment, Recurrence } from '@hub/contracts'
import { type AdjustableDevice, type Claim, claimsOf, type Span } from '@hub/core'

type Approved = Pick<
  Adjustment,
  'id' | 'kind' | 'countAs' | 'status' | 'scope' | 'within' | 'from' | 'to' | 'decidedAt'
> & {
  recurrence?: Recurrence
}

export type AdjustmentIndex = {
  /** Reads the approved ones again if any adjustment has changed since; cheap when none has. */
  reload(): void
  /** What they say of this device, in any order, each cut to the stretch. */
  claims(device: AdjustableDevice, within: Span): Claim[]
  /** Those that may touch the stretch. */
  touching(within: Span): readonly Approved[]
}

const nothing: readonly never[] = []

export function createAdjustmentIndex(sqlite: DatabaseSync): AdjustmentIndex {
  const version = sqlite.prepare("SELECT value FROM meta WHERE key = 'adjustments:version'")
  const approved = sqlite.prepare("SELECT * FROM adjustment WHERE status = 'approved' ORDER BY decided_at, id")
  let read: string | undefined | null = null
  let all: readonly Approved[] = []
  /** By what they name: device, pole, feed or district. */
  let named: { [by in Adjustment['scope']['by']]: Map<string, Approved[]> }

  return {
    reload() {
      const current = (version.get() as { value: string } | undefined)?.value
      if (current === read) return
      read = current
      all = (approved.all() as ApprovedRow[]).map(approvedOf)
      named = { devices: new Map(), pole: new Map(), feed: new Map(), district: new Map() }
      for (const adjustment of all) {
        const { by, values } = adjustment.scope
        for (const value of new Set(values)) {
          const there = named[by].get(value)
          if (there) there.push(adjustment)
          else named[by].set(value, [adjustment])
        }
      }
    },
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

type ApprovedRow = {
  id: string
  kind: Adjustment['kind']
  count_as: Adjustment['countAs']
  scope: string
  within: string
  from_at: number
  to_at: number
  recurrence: string | null
  decided_at: number | null
}

const approvedOf = (row: ApprovedRow): Approved => ({
  id: row.id,
  kind: row.kind,
  countAs: row.count_as,
  status: 'approved',
  scope: JSON.parse(row.scope),
  within: JSON.parse(row.within),
  from: row.from_at,
  to: row.to_at,
  ...(row.recurrence !== null && { recurrence: JSON.parse(row.recurrence) }),
  decidedAt: row.decided_at,
})
