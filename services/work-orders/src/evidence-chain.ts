/**
 * The evidence chain of a work order. Problem: a limit, a time or a step may be edited in the file. So each step carries a hash over
 * itself and the one before, the first over the terms of the order; and where the order stands is what its steps say.
 */
import type { WorkOrder, WorkOrderStatus, WorkOrderStep } from '@hub/contracts'
import { canonicalJson } from '@hub/core'
import { sha256 } from '@hub/platform'

/** What never changes of an order. `devices`: all of them. */
export type Terms = Pick<
  WorkOrder,
  'id' | 'number' | 'unit' | 'devices' | 'issuedBy' | 'issuedAt' | 'respondBy' | 'repairBy' | 'rule'
>
export type Standing = Pick<WorkOrder, 'status' | 'receivedAt' | 'doneAt' | 'closedAt' | 'returned'>
type Step = Omit<WorkOrderStep, 'hash'>

/** Steps that change no status are not here. */
const after: Partial<Record<Step['step'], WorkOrderStatus>> = {
  issue: 'issued',
  receive: 'received',
  dispute: 'disputed',
  uphold: 'issued',
  cancel: 'cancelled',
  done: 'done',
  verify: 'verified',
  return: 'returned',
  close: 'closed',
}

/** Where an order stands after its steps. */
export function standingOf(steps: readonly Step[]): Standing {
  const standing: Standing = { status: 'issued', receivedAt: null, doneAt: null, closedAt: null, returned: false }
  for (const { step, at } of steps) {
    standing.status = after[step] ?? standing.status
    if (step === 'receive') standing.receivedAt ??= at
    if (step === 'done') standing.doneAt = at
    if (step === 'return') Object.assign(standing, { doneAt: null, returned: true })
    if (step === 'close' || step === 'cancel') standing.closedAt = at
    // Closed with its outage: nobody has reported it, and from then on it counts as done.
    if (step === 'close') standing.doneAt ??= at
  }
  return standing
}

/** The hash of the next step; `before`: that of the last one, undefined for the first. */
export function linkOf(terms: Terms, before: string | undefined, { at, actor, step, note, down }: Step): string {
  return sha256((before ?? sha256(termsText(terms))) + canonicalJson({ at, actor, step, note, down }))
}

const termsText = ({ id, number, unit, devices, issuedBy, issuedAt, respondBy, repairBy, rule }: Terms): string =>
  canonicalJson({ id, number, unit, devices: [...devices].sort(), issuedBy, issuedAt, respondBy, repairBy, rule })

/** Whether every link holds and the order stands where its steps say. */
export function isWhole(terms: Terms, steps: readonly WorkOrderStep[], standing: Standing): boolean {
  let before: string | undefined
  for (const step of steps) {
    if (step.hash !== linkOf(terms, before, step)) return false
    before = step.hash
  }
  const said = standingOf(steps)
  return steps.length > 0 && (Object.keys(said) as (keyof Standing)[]).every((key) => said[key] === standing[key])
}
