/** What may be done with an incident now, which of it leads on, and by which key. Pure. */
import type { Incident, IncidentAct, IncidentRow, IncidentStatus, IncidentStep, IncidentUnit } from '@hub/contracts'
import { isIncidentOpen, isUnitStep, mayUnitStep } from '@hub/core'

type Act = IncidentAct['act']
/** Acts that have a button of their own in the head of an incident. */
export type HeadAct = Extract<Act, 'acknowledge' | 'detail' | 'note' | Exclude<IncidentStep, 'receive'>>

/** A letter each; unit steps by their initial in English, `p` departs. */
export const actKeys: Record<HeadAct, string> = {
  acknowledge: 'a',
  verify: 'v',
  grade: 'g',
  dispatch: 'd',
  sign: 's',
  depart: 'p',
  arrive: 'r',
  handle: 'h',
  end: 'e',
  review: 'w',
  archive: 'x',
  report: 'u',
  escalate: 'l',
  dismiss: 'i',
  merge: 'm',
  reopen: 'o',
  'hand-over': 't',
  detail: 'f',
  note: 'c',
}
const actByKey = new Map(Object.entries(actKeys).map(([act, key]) => [key, act as HeadAct]))
export const actOfKey = (key: string): HeadAct | undefined => actByKey.get(key)

const onward: Partial<Record<IncidentStatus, HeadAct>> = {
  received: 'verify',
  verified: 'grade',
  graded: 'dispatch',
  dispatched: 'sign',
  signed: 'depart',
  departed: 'arrive',
  arrived: 'handle',
  handling: 'end',
  ended: 'review',
  reviewed: 'archive',
}

export const isUnseen = ({ acknowledgedAt, status }: Pick<IncidentRow, 'acknowledgedAt' | 'status'>): boolean =>
  acknowledgedAt === null && isIncidentOpen(status)

/** All that is legal, in the usual order. */
export function actsOf(incident: Pick<Incident, 'next' | 'acknowledgedAt' | 'status'>): HeadAct[] {
  const steps = incident.next.filter((step): step is Exclude<IncidentStep, 'receive'> => step !== 'receive')
  return [...(isUnseen(incident) ? (['acknowledge'] as const) : []), ...steps, 'detail', 'note']
}

/** What the page suggests; null when nothing leads on. */
export function mainAct(incident: Pick<Incident, 'next' | 'acknowledgedAt' | 'status'>): HeadAct | null {
  if (isUnseen(incident)) return 'acknowledge'
  const act = onward[incident.status]
  return act && actsOf(incident).includes(act) ? act : null
}

/** Units that may take a step of units now, the lead first. */
export const unitsFor = (units: readonly IncidentUnit[], act: Act): IncidentUnit[] =>
  units
    .filter((unit) => isUnitStep(act as IncidentStep) && mayUnitStep(unit, act as 'sign'))
    .toSorted((a, b) => Number(b.part === 'lead') - Number(a.part === 'lead'))

/** Acts that are done at once; the others ask for something. */
export const isAtOnce = (act: HeadAct): boolean => act === 'acknowledge'

/** Acts that need a reason or a report in words. */
export const needsNote = (act: HeadAct): boolean =>
  ['end', 'review', 'report', 'escalate', 'dismiss', 'reopen', 'hand-over', 'note'].includes(act)
