/** Progress of the rollout against the dates of the plan. */
import type { Handlers } from '../http/call.ts'
import type { Context } from './context.ts'

const nothing = { key: '', planned: 0, built: 0, accepted: 0, inService: 0, retired: 0, due: 0, late: 0 }

export const progressHandlers = ({ clock }: Context): Pick<Handlers, 'progress'> => ({
  progress: () => ({ asOf: clock.now(), total: nothing, groups: [], curve: [], undated: 0 }),
})
