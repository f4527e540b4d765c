/** What lies under an interval: raw observations while they are kept, and what they said in a row for ever. */
import { HubError } from '@hub/contracts'
import { readEvidence, readObservations } from '@hub/platform'
import type { Handlers } from '../http/call.ts'
import { untilGone } from '../http/gone.ts'
import { findDevice } from '../store/devices.ts'
import type { Context } from './context.ts'

const dayMs = 86_400_000

export const observationHandlers = ({ config, clock, record: { db } }: Context): Pick<Handlers, 'observations'> => ({
  async observations({ viewer, params: { id }, query: { from, to, limit }, res }) {
    if (from >= to)
      throw new HubError('request.invalid', { field: 'from', value: from, limit: `must be before to (${to})` })
    const device = await findDevice(db, viewer.scope, id)
    if (!device) throw new HubError('device.unknown', { value: id })
    const asOf = clock.now()
    const { district, gateway } = device.row
    const question = { device: id, district, gateway, from, to, limit }
    const { observations, truncated } = await readObservations(db, { ...question, signal: untilGone(res) })
    const evidence = await readEvidence(db, question)
    const keptFrom = Math.max(0, asOf - config.retention.rawDays * dayMs)
    return { device: id, asOf, from, to, keptFrom, observations, truncated, evidence }
  },
})
