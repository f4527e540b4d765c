/** Progress of the rollout against the dates of the plan. */
import type { Handlers } from '../http/call.ts'
import { registryReader } from '../reading/reader.ts'
import type { Context } from './context.ts'

export function progressHandlers({ clock, record }: Context): Pick<Handlers, 'progress'> {
  const reader = registryReader(record)
  return {
    progress: ({ viewer: { scope }, query }) => reader.ask('progress', { scope, query, now: clock.now() }),
  }
}
