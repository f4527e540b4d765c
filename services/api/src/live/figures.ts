/** The trend of the last 24 h, from the history and absent when it is; and yesterday's rates, exact from the record. Kept for a while. */
import type { Scope, TrendPoint } from '@hub/contracts'
import { dayStart, onlineRate } from '@hub/core'
import type { Clock, History, Log, TrendRow, Uptime } from '@hub/platform'
import { createCache } from './cache.ts'

const stepMs = 1_800_000
const dayMs = 86_400_000
const leagues = ['district', 'application', 'carrier'] as const
type League = 'city' | (typeof leagues)[number]

/** Yesterday's rate of a group, null when nothing is known of it. */
export type Yesterday = (league: League, key: string) => number | null

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

type Sources = { clock: Clock; history: History; uptime: Pick<Uptime, 'by'>; log: Log }

export function createFigures({ clock, history, uptime, log }: Sources): Figures {
  const scopeKey = (scope: Scope) => (scope === 'city' ? 'city' : scope.join())
  const trends = createCache<TrendPoint[]>(clock, 30_000)
  const yesterdays = createCache<Yesterday>(clock, 600_000)

  /** Figures are an extra: without them the overview still says how the city is. */
  const orElse = async <T>(work: Promise<T>, absent: T): Promise<T> =>
    work.catch((err: unknown) => {
      log.warn({ err }, 'a store does not answer: figures are left out')
      return absent
    })

  const askTrend = async (scope: Scope): Promise<TrendPoint[]> => {
    const to = Math.floor(clock.now() / stepMs) * stepMs + stepMs
    const rows = await history.trend({ scope, from: to - dayMs, to, stepMs, group: 'city' })
    return rows.map(point)
  }
  const askYesterday = async (scope: Scope): Promise<Yesterday> => {
    const now = clock.now()
    const to = dayStart(now)
    const day = { scope, filter: {}, from: dayStart(to - 1), to, now }
    const [city] = await uptime.by({ ...day, by: [] })
    const rates = new Map<string, number | null>([['city:city', city?.rate ?? null]])
    for (const league of leagues)
      for (const { key, rate } of await uptime.by({ ...day, by: [league] })) rates.set(`${league}:${key[league]}`, rate)
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
