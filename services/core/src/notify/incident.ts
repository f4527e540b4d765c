/** What a recipient is told of an incident: that it was taken in, became worse, is late, is over. At any hour: an emergency does not wait for the morning. */
import type { RequestOf } from '@hub/contracts'
import { ranks } from './due.ts'

type Incident = Pick<RequestOf<'incident'>, 'importance' | 'districts' | 'ended' | 'state'>
export type IncidentKnown = {
  opened?: number
  /** The level that he was told of. */
  level?: number | null
  /** Limits that he was told have passed or are near: `sign 消防一中队 1796107200000 red`. */
  limits?: string[]
  /** When it was told that it had ended. */
  ended?: number
}
export const incidentNotices = [
  'incident-opened',
  'incident-escalated',
  'incident-overtime',
  'incident-ended',
  'incident-reopened',
] as const
export type IncidentNotice = (typeof incidentNotices)[number]

export type IncidentRecipient = {
  least: 'low' | 'normal' | 'high'
  /** From which colour of a limit on; `none`: of no limit. */
  overtime: 'none' | 'yellow' | 'red'
  districts?: readonly string[] | undefined
  /** Restricted to some units it is somebody who repairs devices: no emergency is told to him here. */
  units?: readonly string[] | undefined
}

type Limit = Incident['state']['overtime'][number]
const keyOf = ({ step, unit, from, colour }: Limit): string => `${step} ${unit ?? ''} ${from} ${colour}`

/** Null: nothing that he does not know. Of several things the gravest is told. */
export function incidentNoticeOf(
  incident: Incident,
  known: IncidentKnown,
  to: IncidentRecipient,
): IncidentNotice | null {
  if (to.units) return null
  if (to.districts && !incident.districts.some((district) => to.districts!.includes(district))) return null
  const { ended, state } = incident
  if (ended) return known.opened !== undefined && known.ended === undefined ? 'incident-ended' : null
  if (known.opened === undefined) return ranks[incident.importance] >= ranks[to.least] ? 'incident-opened' : null
  if (known.ended !== undefined) return 'incident-reopened'
  // One that was not graded was told of as if it were of the mildest level.
  if (state.level !== null && state.level < (known.level ?? 4)) return 'incident-escalated'
  return newLimits(state.overtime, known, to).length > 0 ? 'incident-overtime' : null
}

/** What he knows once he was told how it is now. */
export function afterIncidentNotice({ ended, state }: Incident, known: IncidentKnown, now: number): IncidentKnown {
  const { ended: _, ...before } = known
  const limits = new Set([...(known.limits ?? []), ...state.overtime.map(keyOf)])
  return {
    ...before,
    opened: known.opened ?? now,
    // First graded it has not become worse: he learns of the level with whatever comes next.
    level: state.level ?? known.level ?? null,
    limits: [...limits],
    ...(ended && { ended: now }),
  }
}

/** After red, yellow says nothing new. */
function newLimits(overtime: readonly Limit[], { limits = [] }: IncidentKnown, { overtime: least }: IncidentRecipient) {
  if (least === 'none') return []
  return overtime.filter((limit) => (least === 'yellow' || limit.colour === 'red') && !limits.includes(keyOf(limit)))
}
