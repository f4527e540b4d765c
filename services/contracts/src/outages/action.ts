/** What people do with an outage. */

import { z } from 'zod'
import { Instant } from '../common/time.ts'
import { limitText } from '../errors/limits.ts'
import { judgementActs } from './judgement.ts'

export const outageSteps = [
  'acknowledge',
  'start',
  'resolve',
  'close',
  'reopen',
  'assign',
  'comment',
  'silence',
] as const
/**
 * What becomes of the work orders of an outage that is closed: `repaired` closes them as done now, `withdrawn` cancels those that nobody
 * has done yet (they count for nothing), `leave` lets them run on.
 */
export const ordersAtClose = ['leave', 'repaired', 'withdrawn'] as const
export const OrdersAtClose = z.enum(ordersAtClose)
export type OrdersAtClose = z.infer<typeof OrdersAtClose>

/** What a person does with an outage. */
export const OutageAction = z
  .strictObject({
    step: z.enum(outageSteps),
    note: z.string().trim().min(1).max(1_000).optional(),
    /** Of `assign`: a user, or '' for nobody. */
    assignee: z.string().max(64).optional(),
    /** Of `silence`: nobody is told until then; at most seven days. */
    until: Instant.optional(),
    /** Of `close`: needed when the outage has work orders that are not closed. */
    orders: OrdersAtClose.optional(),
  })
  .refine((a) => a.orders === undefined || a.step === 'close', {
    message: limitText('goes-with-close'),
    path: ['orders'],
  })
  .refine((a) => a.orders !== 'withdrawn' || a.note !== undefined, { message: limitText('needed-why'), path: ['note'] })
  .refine((a) => a.step !== 'comment' || a.note !== undefined, {
    message: limitText('needed-for-comment'),
    path: ['note'],
  })
  .refine((a) => a.step !== 'assign' || a.assignee !== undefined, {
    message: limitText('needed-to-assign'),
    path: ['assignee'],
  })
  .refine((a) => a.step !== 'silence' || a.until !== undefined, {
    message: limitText('needed-to-silence'),
    path: ['until'],
  })
export type OutageAction = z.infer<typeof OutageAction>

/** One line of its life: by a person, or by the hub (`hub`): resolved when all were back, reopened, escalated. */
export const OutageStep = z.strictObject({
  at: Instant,
  actor: z.string(),
  step: z.enum([...outageSteps, 'escalate', ...judgementActs]),
  note: z.string().nullable(),
  /** Of `close`: what became of its work orders; null when there was none, or another step. */
  orders: OrdersAtClose.nullable(),
})
export type OutageStep = z.infer<typeof OutageStep>
