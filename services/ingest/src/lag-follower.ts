/** Where answers are served: how far the hub is behind, by what ingest last said of it. It may run in another process, and be held up there. */
import { type DataLag, notLate } from '@hub/contracts'
import type { Handlers, HealthNote, RouteDeps } from '@hub/platform'
import { type IngestConfig, lagPolicyOf } from './config.ts'

/** Ingest says so every five seconds at least: after twice that its silence is counted. */
const spokenMs = 10_000
const lookMs = 2_000

export function createLagFollower({ bus, clock, config, stream }: RouteDeps<IngestConfig>) {
  const { aboveMs } = lagPolicyOf(config.policy)
  const silentMs = Math.max(spokenMs, aboveMs)
  let last: DataLag | undefined
  let heardAt = 0
  let wasBehind = false
  const stops: (() => unknown)[] = []

  /** Before ingest has spoken nothing is known, and nothing said. */
  const current = (): DataLag => {
    const now = clock.now()
    if (!last) return { at: now, ...notLate }
    const silence = now - heardAt
    if (silence <= silentMs) return last
    const why = bus.connected ? 'silent' : 'broker'
    return { at: now, behindMs: last.behindMs + silence, since: last.since ?? last.at, cause: last.cause ?? why }
  }
  /** Screens hear of it at each change, and while it lasts. */
  const push = () => {
    const lag = current()
    if (lag.since !== null || wasBehind) stream.push('lag', lag, { districts: 'city' })
    wasBehind = lag.since !== null
  }

  return {
    handlers: { dataLag: () => current() } satisfies Pick<Handlers, 'dataLag'>,
    health(): HealthNote | null {
      const { behindMs, since, cause } = current()
      if (since === null) return null
      return { part: 'data', why: `${Math.round(behindMs / 1_000)} s behind: ${cause}` }
    },
    async start() {
      stops.push(
        await bus.subscribe('dataLag', ({ v: _, ...lag }) => {
          last = lag
          heardAt = clock.now()
          push()
        }),
        clock.every(lookMs, () => {
          if (last && clock.now() - heardAt > silentMs) push()
        }),
      )
    },
    async stop() {
      for (const stop of stops.splice(0)) await stop()
    },
  }
}
