/** Figures that the history knows: the trend of the last 24 h and yesterday's rates. Kept for a while; absent when the history is. */
import type { Scope, TrendPoint } from '@hub/contracts'
import { dayStart, onlineRate } from '@hub/core'
import type { Clock, History, Log, TrendGroup, TrendRow } from '@hub/platform'
import { createCache } from './cache.ts'

const stepMs = 1_800_000
const dayMs = 86_400_000
const leagues = ['city', 'district', 'application', 'carrier'] as const satisfies readonly TrendGroup[]

/** Yesterday's rate of a group, null when nothing is known of it. */
export type Yesterday = (league: TrendGroup, key: string) => number | null

export interface Figures {
  /** The last 48 half hours, the running one last; empty when the history does not answer. */
  trend(scope: Scope): Promise<TrendPoint[]>
  yesterday(scope: Scope): Promise<Yesterday>
  /** Late data has corrected the past: what is kept is asked again. */
  forget(): void
}

const totalsOf = (row: TrendRow) => ({ up: row.upMs, down: row.downMs, unknown: row.unknownMs, exempt: row.exemptMs })

function point(row: TrendRow): TrendPoint {
  const totals = totalsOf(row)
  const all = totals.up + totals.down + totals.unknown + totals.exempt
  return { at: row.at, rate: onlineRate(totals), unknown: all > 0 ? totals.unknown / all : 0 }
}

export function createFigures({ clock, history, log }: { clock: Clock; history: History; log: Log }): Figures {
  const scopeKey = (scope: Scope) => (scope === 'city' ? 'city' : scope.join())
  const trends = createCache<TrendPoint[]>(clock, 30_000)
  const yesterdays = createCache<Yesterday>(clock, 600_000)

  /** Figures are an extra: without them the overview still says how the city is. */
  const orElse = async <T>(work: Promise<T>, absent: T): Promise<T> =>
    work.catch((err: unknown) => {
      log.warn({ err }, 'the history does not answer: figures are left out')
      return absent
    })

  const askTrend = async (scope: Scope): Promise<TrendPoint[]> => {
    const to = Math.floor(clock.now() / stepMs) * stepMs + stepMs
    const rows = await history.trend({ scope, from: to - dayMs, to, stepMs, group: 'city' })
    return rows.map(point)
  }
  const askYesterday = async (scope: Scope): Promise<Yesterday> => {
    const to = dayStart(clock.now())
    const from = dayStart(to - 1)
    const rates = new Map<string, number | null>()
    for (const group of leagues)
      for (const row of await history.trend({ scope, from, to, stepMs: to - from, group }))
        rates.set(`${group}:${row.group}`, onlineRate(totalsOf(row)))
    return (league, key) => rates.get(`${league}:${key}`) ?? null
  }

  return {
    trend: (scope) =>
      orElse(
        trends.get(scopeKey(scope), () => askTrend(scope)),
        [],
      ),
    yesterday: (scope) =>
      orElse(
        yesterdays.get(`${dayStart(clock.now())} ${scopeKey(scope)}`, () => askYesterday(scope)),
        () => null,
      ),
    forget() {
      trends.clear()
      yesterdays.clear()
    },
  }
}
