/** Progress of the rollout against the dates of the plan. */
import { inScope } from '@hub/contracts'
import { dayOf, type ProgressDevice, progressOf } from '@hub/core'
import type { Handlers } from '../http/call.ts'
import { createCache } from '../live/cache.ts'
import { readProgress } from '../store/progress.ts'
import type { Context } from './context.ts'

/** The whole registry is read for it: askers within this time share one reading. */
const keptMs = 30_000

export function progressHandlers({ clock, record }: Context): Pick<Handlers, 'progress'> {
  const cache = createCache<{ asOf: number; devices: ProgressDevice[] }>(clock, keptMs)
  const read = async () => ({ asOf: clock.now(), devices: await readProgress(record.db) })
  return {
    async progress({ viewer, query: { by, district, carrier, project } }) {
      const { asOf, devices } = await cache.get('city', read)
      const wanted = devices.filter(
        (d) =>
          inScope(viewer.scope, d.district) &&
          (district === undefined || d.district === district) &&
          (carrier === undefined || d.carrier === carrier) &&
          (project === undefined || (d.project ?? '') === project),
      )
      return { asOf, ...progressOf(wanted, dayOf(asOf), by) }
    },
  }
}
