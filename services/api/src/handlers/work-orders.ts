/** Work orders: the board, issued, stepped. */
import { HubError } from '@hub/contracts'
import type { Handlers } from '../http/call.ts'
import type { Context } from './context.ts'

type WorkOrders = Pick<Handlers, 'workOrders' | 'issueWorkOrder' | 'stepWorkOrder'>

export const workOrderHandlers = ({ clock }: Context): WorkOrders => ({
  workOrders: () => ({ asOf: clock.now(), orders: [] }),
  issueWorkOrder: ({ body }) => {
    throw new HubError('outage.unknown', { value: body.outage })
  },
  stepWorkOrder: ({ params }) => {
    throw new HubError('work-order.unknown', { value: params.id })
  },
})
