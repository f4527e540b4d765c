/** What ingest last said of how far the hub is behind. It may run in another process. */
import type { DataLag } from '@hub/contracts'
import type { Deps } from '@hub/platform'
import { abnormal, normal, type System } from './system.ts'

export type KnownLag = {
  /** Undefined: it has never said anything. */
  last(): DataLag | undefined
  /** How long ago by this process's clock, ms. */
  ageMs(): number
  start(): Promise<void>
  stop(): Promise<void>
}

export function followLag({ bus, clock }: Pick<Deps, 'bus' | 'clock'>): KnownLag {
  let last: DataLag | undefined
  let heardAt = clock.now()
  let unsubscribe: (() => Promise<void>) | undefined
  return {
    last: () => last,
    ageMs: () => clock.now() - heardAt,
    async start() {
      unsubscribe = await bus.subscribe('dataLag', (lag) => {
        last = lag
        heardAt = clock.now()
      })
    },
    stop: async () => unsubscribe?.(),
  }
}

/** Ingest says so every five seconds at least. */
const spokenMs = 20_000

/** The hub's own data: normal while it is not behind. A process without ingest beside it never hears of it, and it is not due there. */
export const lagSystem = (lag: KnownLag): System => ({
  id: 'hub:ingest',
  name: '中枢数据接入',
  kind: 'hub',
  url: null,
  async check() {
    const last = lag.last()
    if (!last) return null
    if (lag.ageMs() > spokenMs) return abnormal('silent')
    return last.since === null ? normal(null) : abnormal(`behind: ${last.cause}`)
  },
})

/** While the hub is behind, that a gateway is not heard is no finding about the gateway: the check is not due. */
export const unlessBehind = (system: System, lag: KnownLag): System => ({
  ...system,
  async check() {
    const verdict = await system.check()
    const isBehind = (lag.last()?.since ?? null) !== null
    return verdict && !verdict.normal && isBehind ? null : verdict
  },
})
