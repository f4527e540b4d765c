/** The figures that the city reports. */
import type { Handlers } from '../http/call.ts'
import type { Context } from './context.ts'

export const kpiHandlers = ({ clock }: Context): Pick<Handlers, 'kpis'> => ({
  kpis: ({ query: { from, to } }) => ({ asOf: clock.now(), from, to, kpis: [] }),
})
