/** What lies under an interval: raw observations while they are kept, and the evidence for ever. */
import { HubError } from '@hub/contracts'
import type { Handlers } from '../http/call.ts'
import { findDevice } from '../store/devices.ts'
import type { Context } from './context.ts'

export const observationHandlers = ({ clock, record }: Context): Pick<Handlers, 'observations'> => ({
  async observations({ viewer, params, query: { from, to } }) {
    const device = await findDevice(record.db, viewer.scope, params.id)
    if (!device) throw new HubError('device.unknown', { value: params.id })
    const asOf = clock.now()
    return { device: params.id, asOf, from, to, keptFrom: asOf, observations: [], truncated: false, evidence: [] }
  },
})
