/**
 * Checks, every `platforms.everySeconds`, whether the systems whose normality the city reports (系统平台正常率) are normal: the hub's own
 * parts, its gateways, and the configured sites. A check is due only while the hub runs: what it would have found while it was stopped
 * is not known and counts neither as passed nor as failed. A round that takes longer than the period leaves out the next one.
 */
import { type Deps, type Module, periodic } from '@hub/platform'
import { gatewayPlatforms } from './gateways.ts'
import { hubParts } from './hub-parts.ts'
import type { Platform } from './platform.ts'
import { sitePlatforms } from './sites.ts'
import { Tally } from './tally.ts'

const leastAtATime = 16
const mostAtATime = 256

export const platformsModule: Module = {
  name: 'platforms',
  create(deps: Deps) {
    const { config, clock, log, record, metrics } = deps
    const { everySeconds, timeoutSeconds } = config.platforms
    const stopping = new AbortController()
    const stopped = new Promise<null>((resolve) => stopping.signal.addEventListener('abort', () => resolve(null)))
    const platforms = [
      ...hubParts(deps, timeoutSeconds * 1_000),
      ...gatewayPlatforms(deps),
      ...sitePlatforms(deps, stopping.signal),
    ]
    /** So many that a round ends in its period even when every site hangs. */
    const atATime = Math.min(
      mostAtATime,
      Math.max(leastAtATime, Math.ceil((platforms.length * timeoutSeconds) / everySeconds)),
    )
    const tally = new Tally()
    const checks = metrics.counter('hub_platform_checks_total', 'Checks of platforms', ['kind', 'result'])
    const normalGauge = metrics.gauge('hub_platform_normal', '1 when the last check of the platform was passed', [
      'platform',
    ])
    const seconds = metrics.histogram(
      'hub_platform_check_seconds',
      'How long sites took to answer',
      [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60],
    )
    let graceUntil = 0
    let round: (() => Promise<void>) | undefined
    let first: Promise<unknown> | undefined

    const check = async (platform: Platform) => {
      const at = clock.now()
      const verdict = await Promise.race([platform.check(), stopped])
      if (!verdict || stopping.signal.aborted) return
      // The bus and the gateways are still connecting: that they are not there yet is no failure of theirs.
      if (!verdict.normal && platform.kind !== 'site' && at < graceUntil) return
      tally.add(platform, verdict, at)
      checks.inc({ kind: platform.kind, result: verdict.normal ? 'passed' : 'failed' })
      normalGauge.set({ platform: platform.id }, Number(verdict.normal))
      if (platform.kind === 'site' && verdict.ms !== null) seconds.observe(verdict.ms / 1_000)
    }
    const checkAll = async () => {
      const waiting = platforms.values()
      await Promise.all(
        Array.from({ length: atATime }, async () => {
          for (const platform of waiting) await check(platform)
        }),
      )
      await tally.write(record)
    }

    return {
      async start() {
        graceUntil = clock.now() + config.policy.startupGraceSeconds * 1_000
        await forgetOthers(record, platforms)
        first = checkAll().catch((err: unknown) => log.error({ err }, 'platforms could not be checked'))
        round = periodic(clock, log, everySeconds * 1_000, 'platforms', async () => {
          await first
          await checkAll()
        })
      },
      async stop() {
        stopping.abort()
        await first
        await round?.()
      },
    }
  },
}

/** What is no longer configured keeps the hours that were counted, and has no present. */
async function forgetOthers({ db }: Deps['record'], platforms: readonly Platform[]): Promise<void> {
  const ids = new Set(platforms.map(({ id }) => id))
  const known = await db.selectFrom('platform_state').select('platform').execute()
  for (const { platform } of known.filter((row) => !ids.has(row.platform)))
    await db
      .updateTable('platform_state')
      .set({ normal: null, ms: null, problem: 'not-configured' })
      .where('platform', '=', platform)
      .execute()
}
