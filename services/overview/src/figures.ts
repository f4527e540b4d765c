/** The trend of the last 24 h, from the history and absent when it is; and yesterday's rates, exact from the record. Kept for a while. */
import type { TrendPoint } from '@hub/contracts'
import { dayMs, dayStart, hourMs, minuteMs, onlineRate, secondMs, seenAmong } from '@hub/core'
import { type Clock, createCache, type History, type Log, type TrendRow, type Uptime, type Viewer } from '@hub/platform'
import { type RankedBy, rankings } from './ranking.ts'

const stepMs = 30 * minuteMs
type Ranking = 'city' | RankedBy

/** Yesterday's rate of a group, null when nothing is known of it. */
export type Yesterday = (ranking: Ranking, key: string) => number | null

/** Whose figures: of a scope, or of the devices in it that one user sees. */
type Seen = Pick<Viewer, 'scope' | 'devices' | 'user'>

export interface Figures {
  /** The last 48 half hours, the running one last, or 24 hours of some devices; empty when the history does not answer. */
  trend(of: Seen): Promise<TrendPoint[]>
  yesterday(of: Seen): Promise<Yesterday>
  /** Late data has corrected the past: what is kept is asked again. */
  forget(): void
}

const totalsOf = (row: TrendRow) => ({ up: row.upMs, down: row.downMs, unknown: row.unknownMs, exempt: row.exemptMs })

function point(at: number, totals: ReturnType<typeof totalsOf>): TrendPoint {
  const all = totals.up + totals.down + totals.unknown + totals.exempt
  return { at, rate: onlineRate(totals), unknown: all > 0 ? totals.unknown / all : 0 }
}

type Sources = { clock: Clock; history: History; uptime: Pick<Uptime, 'by' | 'hours'>; log: Log }

export function createFigures({ clock, history, uptime, log }: Sources): Figures {
  const keyOf = ({ scope, devices, user }: Seen) =>
    `${scope === 'city' ? 'city' : scope.join()}${devices === 'all' ? '' : ` ${user}`}`
  const filterOf = ({ devices }: Seen) => {
    const device = seenAmong(devices, undefined)
    return device ? { device } : {}
  }
  const trends = createCache<TrendPoint[]>(clock, 30 * secondMs)
  const yesterdays = createCache<Yesterday>(clock, 10 * minuteMs)

  /** Figures are an extra: without them the overview still says how the city is. */
  const orElse = async <T>(work: Promise<T>, absent: T): Promise<T> =>
    work.catch((err: unknown) => {
      log.warn({ err }, 'a store does not answer: figures are left out')
      return absent
    })

  const askTrend = async (of: Seen): Promise<TrendPoint[]> => {
    const { scope } = of
    const now = clock.now()
    if (of.devices !== 'all') {
      const { points } = await uptime.hours({ scope, filter: filterOf(of), from: now - dayMs + hourMs, to: now, now })
      return points.map(({ at, ...totals }) => point(at, totals))
    }
    const to = Math.floor(now / stepMs) * stepMs + stepMs
    const rows = await history.trend({ scope, from: to - dayMs, to, stepMs, group: 'city' })
    return rows.map((row) => point(row.at, totalsOf(row)))
  }
  const askYesterday = async (of: Seen): Promise<Yesterday> => {
    const now = clock.now()
    const to = dayStart(now)
    const day = { scope: of.scope, filter: filterOf(of), from: dayStart(to - 1), to, now }
    const [city] = await uptime.by({ ...day, by: [] })
    const rates = new Map<string, number | null>([['city:city', city?.rate ?? null]])
    for (const by of rankings)
      for (const { key, rate } of await uptime.by({ ...day, by: [by] })) rates.set(`${by}:${key[by]}`, rate)
    return (ranking, key) => rates.get(`${ranking}:${key}`) ?? null
  }

  return {
    trend: (of) =>
      orElse(
        trends.get(keyOf(of), () => askTrend(of)),
        [],
      ),
    yesterday: (of) =>
      orElse(
        yesterdays.get(`${dayStart(clock.now())} ${keyOf(of)}`, () => askYesterday(of)),
        () => null,
      ),
    forget() {
      trends.clear()
      yesterdays.clear()
    },
  }
}
