/** Who is warned of a work order that is overtime: each recipient of each colour once. */
import type { DistrictCode, WorkOrder } from '@hub/contracts'
import { type LimitShare, limitColour } from '../common/time/limit.ts'
import { withinHours } from './decision.ts'

export type Colour = Exclude<WorkOrder['overtime'], 'none'>

export type Warning = {
  colour: Colour
  unit: string
  class: WorkOrder['rule']['class']
  districts: readonly DistrictCode[]
  /** Its outage is silenced until then. */
  silencedUntil: number | null
}

export type WarningRecipient = {
  /** From which colour on; `none`: never. */
  overtime: WorkOrder['overtime']
  /** Absent: of all units, of all districts. */
  units?: readonly string[] | undefined
  districts?: readonly DistrictCode[] | undefined
  /** `high`: only of class-1 points. */
  least: 'low' | 'normal' | 'high'
}

/**
 * Whether the recipient is to be warned now. A silenced outage silences its orders; outside the hours only class-1 points are
 * warned of, the rest waits for the morning.
 * @param known colours that the recipient knows of; after red, yellow says nothing new
 */
export function warns(
  { colour, unit, class: of, districts, silencedUntil }: Warning,
  known: readonly Colour[],
  to: WarningRecipient,
  now: number,
  policy: Parameters<typeof withinHours>[1],
): boolean {
  if (to.overtime === 'none' || (to.overtime === 'red' && colour === 'yellow')) return false
  if (known.includes(colour) || known.includes('red')) return false
  if (to.units && !to.units.includes(unit)) return false
  if (to.districts && !to.districts.some((code) => districts.includes(code))) return false
  if (to.least === 'high' && of !== 'core') return false
  if (silencedUntil !== null && now < silencedUntil) return false
  return of === 'core' || withinHours(now, policy)
}

export type WarnedLimit = { which: 'respond' | 'repair'; by: number; metAt: number | null }

type Limited = Pick<WorkOrder, 'issuedAt' | 'receivedAt' | 'doneAt' | 'respondBy' | 'repairBy'>

/** The limit that gave an order its colour: one that has passed, before one that was met late, before one that is near. */
export function warnedLimit(o: Limited, now: number, share: LimitShare): WarnedLimit {
  const respond: WarnedLimit = { which: 'respond', by: o.respondBy, metAt: o.receivedAt }
  const repair: WarnedLimit = { which: 'repair', by: o.repairBy, metAt: o.doneAt }
  const limits = [respond, repair]
  const past = limits.filter(({ by, metAt }) => (metAt ?? now) > by)
  const near = limits.find(
    ({ by, metAt }) => metAt === null && limitColour({ from: o.issuedAt, to: by }, now, share) !== 'none',
  )
  return past.find(({ metAt }) => metAt === null) ?? past.at(-1) ?? near ?? repair
}
