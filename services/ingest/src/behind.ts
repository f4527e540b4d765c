/**
 * Watches how far the hub is behind (the rule is core's), and tells everybody: whoever makes outages, screens, monitors, people. The loop's
 * own lateness is asked for also where silence is judged, for after a stop all timers are due at once and any may be the first.
 */

import type { DataLag, GatewayId, MessageInput, Observation } from '@hub/contracts'
import { districtCodes } from '@hub/contracts'
import { type DeviceHealth, type LagPolicy, Reception } from '@hub/core'
import { type Deps, isDiskRefusal, periodic, tablesOf } from '@hub/platform'
import type { Directory } from './directory.ts'
import type { IngestMetrics } from './metrics.ts'
import type { Store } from './store.ts'
import type { IngestTables } from './tables.ts'

const sampleMs = 500
/** While it is behind, and otherwise. */
const publishMs = 2_000
const publishCalmMs = 5_000
const latestMs = 10_000
/** A commit that failed is not made good by one that succeeds within this. */
const failureMs = 5_000
/** The episode that people were notified of and that is not over. */
const key = 'behind'

export type LagWatchDeps = Pick<Deps, 'bus' | 'clock' | 'log' | 'outbox' | 'record'> & {
  directory: Pick<Directory, 'districtsOf' | 'gateways'>
  store: Pick<Store, 'settings' | 'lastReceivedAt'>
  /** When the oldest came that waits for its commit; null when none does. */
  oldestAt(): number | null
  metrics: IngestMetrics
  policy: LagPolicy
  /** Of the health policy. */
  staleAfter: number
}

export function createLagWatch(deps: LagWatchDeps) {
  const { bus, clock, log, outbox, store, oldestAt, directory, metrics, policy, staleAfter } = deps
  const { settings } = store
  const record = tablesOf<IngestTables>(deps.record)
  const reception = new Reception(policy, staleAfter)
  /** Null before the start: what is read again there takes its time, and holds nobody up. */
  let beatAt: number | null = null
  /** Since when it is without the broker. */
  let cutAt: number | null = null
  /** When the oldest came of what could not be committed: its gateway sends it again. Null once nothing has failed for a while. */
  let failedAt: number | null = null
  let lastFailedAt = Number.NEGATIVE_INFINITY
  /** The disk refused the last commit. */
  let isDiskFull = false
  let latest = { lateMs: 0, at: 0 }
  let publishedAt = Number.NEGATIVE_INFINITY
  let published: number | null = null
  let serving = new Map<string, string[]>()
  /** Another list after each change of the registry. */
  let servingOf: Iterable<GatewayId> | undefined
  const stops: (() => Promise<void> | void)[] = []

  /** How late timers are by now. */
  const lateness = (now: number): number => {
    const lateMs = beatAt === null ? 0 : Math.max(0, now - beatAt - sampleMs)
    if (beatAt !== null && lateMs >= policy.stallMs) reception.stalled(beatAt, now)
    return lateMs
  }
  const lagNow = (now: number): DataLag => {
    const { behindMs, since, cause } = reception.state
    return { at: now, behindMs: Math.round(behindMs), since, cause: cause === 'commits' && isDiskFull ? 'disk' : cause }
  }
  const publish = (now: number) => {
    const { since } = reception.state
    // It would wait for the broker, once for each time.
    if (!bus.connected) return
    if (published === since && now - publishedAt < (since === null ? publishCalmMs : publishMs)) return
    published = since
    publishedAt = now
    bus
      .publish('dataLag', {}, { v: 1, ...lagNow(now) })
      .catch((err: unknown) => log.debug({ err }, 'the lag was not published'))
  }
  const beat = () => {
    const now = clock.now()
    const lateMs = lateness(now)
    beatAt = now
    cutAt = bus.connected ? null : (cutAt ?? now)
    const before = reception.isBehind
    const { behindMs, since, cause } = reception.sample(now, {
      lateMs,
      cutMs: now - (cutAt ?? now),
      waitingMs: now - (failedAt ?? oldestAt() ?? now),
    })
    if (lateMs >= latest.lateMs || now - latest.at > latestMs) latest = { lateMs, at: now }
    metrics.loopLate.set(latest.lateMs / 1_000)
    metrics.behind.set(behindMs / 1_000)
    metrics.isBehind.set(Number(reception.isBehind))
    for (const [gateway, lagMs] of reception.lags()) metrics.gatewayLag.set({ gateway }, lagMs / 1_000)
    if (!before && since !== null) log.warn({ behindMs, cause }, 'the hub is behind: no silence is judged')
    if (before && since === null) log.info({ behindMs }, 'the hub has caught up')
    publish(now)
  }

  /** Asks notify to tell people that it began, or that it is over: once each, whatever happens between. */
  const notify = async () => {
    const now = clock.now()
    const { since, cause, behindMs } = reception.state
    const open = settings.get(key)
    const begun = open === undefined ? null : (JSON.parse(open) as HubState)
    if (since === null ? begun === null : begun !== null) return
    const state: HubState | null =
      since !== null && cause !== null
        ? { from: since, to: null, cause, behindMs: Math.round(behindMs) }
        : begun && { ...begun, to: Math.max(now, begun.from) }
    if (!state) return
    await record.transaction(async (trx) => {
      if (state.to === null) settings.put(key, JSON.stringify(state))
      else settings.drop(key)
      await outbox.append(trx, 'notificationRequested', {}, requestOf(state, now))
    })
  }

  /** The gateways that serve a district. */
  const gatewaysOf = (district: string): readonly string[] => {
    const gateways = directory.gateways()
    if (servingOf !== gateways) {
      serving = new Map()
      servingOf = gateways
      for (const gateway of gateways)
        for (const code of directory.districtsOf(gateway) ?? [])
          serving.set(code, [...(serving.get(code) ?? []), gateway])
    }
    return serving.get(district) ?? []
  }

  return {
    /** A batch is on disk. */
    committed(gateway: GatewayId, observations: readonly Observation[]): void {
      const now = clock.now()
      lateness(now)
      reception.committed(gateway, newestOf(observations), now)
    },
    /** A group is on disk, or could not be committed: then before its batches are given up. */
    settled(): void {
      // A full disk takes a small group now and then.
      if (clock.now() - lastFailedAt < failureMs) return
      failedAt = null
      isDiskFull = false
    },
    failed(err: unknown): void {
      failedAt ??= oldestAt()
      lastFailedAt = clock.now()
      isDiskFull = isDiskRefusal(err)
    },
    /** See `HeardUntil`. */
    heardUntil(device: string, health: DeviceHealth, now: number): number {
      lateness(now)
      return reception.heardUntil(gatewaysOf(device.slice(0, 6)), health, now)
    },
    async start(): Promise<void> {
      // While it was not running it could hear nobody: as if it had been held up since.
      const heardAt = store.lastReceivedAt()
      if (heardAt !== null) reception.stalled(heardAt, clock.now())
      stops.push(await bus.subscribe('status', ({ gateway, lateMs = 0 }) => reception.late(gateway, lateMs)))
      stops.push(clock.every(sampleMs, beat), periodic(clock, log, sampleMs, 'notification of lag', notify))
      beat()
    },
    async stop(): Promise<void> {
      for (const stop of stops.splice(0)) await stop()
    },
  }
}

type HubState = Extract<MessageInput<'notificationRequested'>, { kind: 'hub' }>['state']

const requestOf = (state: HubState, at: number): MessageInput<'notificationRequested'> => ({
  v: 1,
  at,
  kind: 'hub',
  key: `behind-${state.from}`,
  districts: [...districtCodes],
  importance: 'high',
  ended: state.to !== null,
  state,
})

/**
 * The newest that tells how long it was under way, by the centre's time, which gateways keep: a probe is published of when it has ended. Data
 * that a sensor has missed is published of half an interval after it was due, and tells nothing.
 */
function newestOf(observations: readonly Observation[]): number | null {
  let newest: number | null = null
  for (const { at, ms = 0, reason } of observations)
    if (reason !== 'no-data' && (newest === null || at + ms > newest)) newest = at + ms
  return newest
}
