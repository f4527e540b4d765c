/**
 * Checks, every `platforms.everySeconds`, whether the systems whose normality the city reports (系统平台正常率) are normal: the hub's own
 * parts, its gateways, and the configured sites. A check is due only while the hub runs: what it would have found while it was stopped
 * is not known and counts neither as passed nor as failed. A round that takes longer than the period leaves out the next one.
 */

import { type Module, periodic, type RecordStore, tablesOf } from '@hub/platform'
import { type MonitoredConfig, monitoredConfig } from './config.ts'
import { gatewaySystems } from './gateways.ts'
import { monitoredHandlers } from './handlers.ts'
import { hubParts } from './hub-parts.ts'
import { followLag, lagSystem, unlessBehind } from './lag.ts'
import { monitoredMigrations } from './migrations/index.ts'
import { siteSystems } from './sites.ts'
import type { System } from './system.ts'
import type { MonitoredTables } from './tables.ts'
import { Tally } from './tally.ts'
import { monitoredViews } from './views.ts'

const leastAtATime = 16
const mostAtATime = 256

export const monitoredModule: Module<MonitoredConfig> = {
  name: 'monitored',
  migrations: monitoredMigrations,
  views: monitoredViews,
  config: monitoredConfig,
  routes: (deps) => ({ handlers: monitoredHandlers(deps) }),
  create(deps) {
    const { config, clock, log, record, metrics } = deps
    const { everySeconds, timeoutSeconds } = config.platforms
    const stopping = new AbortController()
    const lag = followLag(deps)
    const systems = [
      ...hubParts(deps, timeoutSeconds * 1_000),
      lagSystem(lag),
      ...gatewaySystems(deps).map((system) => unlessBehind(system, lag)),
      ...siteSystems(deps, stopping.signal),
    ]
    /** So many that a round ends in its period even when every site hangs. */
    const atATime = Math.min(
      mostAtATime,
      Math.max(leastAtATime, Math.ceil((systems.length * timeoutSeconds) / everySeconds)),
    )
    const tally = new Tally()
    const checks = metrics.counter('hub_monitored_checks_total', 'Checks of the monitored systems', ['kind', 'result'])
    const normalGauge = metrics.gauge('hub_monitored_normal', '1 when the last check of the system was passed', [
      'system',
    ])
    const seconds = metrics.histogram(
      'hub_monitored_check_seconds',
      'How long sites took to answer',
      [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60],
    )
    let graceUntil = 0
    let round: (() => Promise<void>) | undefined
    let first: Promise<unknown> | undefined

    const check = async (system: System) => {
      const at = clock.now()
      const verdict = await unlessAborted(system.check(), stopping.signal)
      if (!verdict || stopping.signal.aborted) return
      // The bus and the gateways are still connecting: that they are not there yet is no failure of theirs.
      if (!verdict.normal && system.kind !== 'site' && at < graceUntil) return
      tally.add(system, verdict, at)
      checks.inc({ kind: system.kind, result: verdict.normal ? 'passed' : 'failed' })
      normalGauge.set({ system: system.id }, Number(verdict.normal))
      if (system.kind === 'site' && verdict.ms !== null) seconds.observe(verdict.ms / 1_000)
    }
    const checkAll = async () => {
      const waiting = systems.values()
      await Promise.all(
        Array.from({ length: atATime }, async () => {
          for (const system of waiting) await check(system)
        }),
      )
      await tally.write(record)
    }

    return {
      async start() {
        graceUntil = clock.now() + config.policy.startupGraceSeconds * 1_000
        await lag.start()
        await forgetOthers(record, systems)
        first = checkAll().catch((err: unknown) => log.error({ err }, 'the monitored systems could not be checked'))
        round = periodic(clock, log, everySeconds * 1_000, 'monitored systems', async () => {
          await first
          await checkAll()
        })
      },
      async stop() {
        stopping.abort()
        await first
        await round?.()
        await lag.stop()
      },
    }
  },
}

/** Null once it is aborted. No race with a promise that lives as long as the hub: that one would keep a reaction of every check. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const abort = () => resolve(null)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** What is no longer configured keeps the hours that were counted, and has no present. */
async function forgetOthers(record: RecordStore, systems: readonly System[]): Promise<void> {
  const { db } = tablesOf<MonitoredTables>(record)
  const ids = new Set(systems.map(({ id }) => id))
  const known = await db.selectFrom('monitored_system').select('platform').execute()
  for (const { platform } of known.filter((row) => !ids.has(row.platform)))
    await db
      .updateTable('monitored_system')
      .set({ normal: null, ms: null, problem: 'not-configured' })
      .where('platform', '=', platform)
      .execute()
}
