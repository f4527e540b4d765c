/** What the rates page reads from the hub, each as its own reading: one that fails leaves the others standing. */
import type { KpiReport, PlatformReport, UptimeReport, UptimeSeries } from '@hub/contracts'
import { Resource } from '../api/resource.svelte.ts'
import { clock, onChanged } from '../live/live.svelte.ts'
import { go, hrefOf, view } from '../router/router.svelte.ts'
import { calendarSpan } from './calendar.ts'
import { elapsed, previousOf, spanOf, stepOf } from './period.ts'
import { kpiPath, type Place, type RatesQuery, uptimePath } from './query.ts'

const againMs = 60_000
const afterDecisionMs = 2_000

export const ratesPlace = (): Place => ({ district: view().district, rates: view().rates })
/** The same page with something else chosen. */
export const ratesHref = (change: Partial<RatesQuery>): string =>
  hrefOf({ page: 'reports', tab: 'rates', rates: { ...view().rates, ...change } })
export const choose = (change: Partial<RatesQuery>, how: 'push' | 'replace' = 'replace'): void =>
  go({ rates: { ...view().rates, ...change } }, how)
export const placeHref = (place: Place): string => hrefOf({ page: 'reports', tab: 'rates', ...place })

export const ratesSpan = () => spanOf(view().rates.period, clock())
/** What of the period has passed. */
export const passedSpan = () => elapsed(ratesSpan(), clock())
export const comparedSpan = () => previousOf(passedSpan())
export const yearSpan = () => calendarSpan(ratesSpan(), clock())
export const trendStep = () => stepOf(ratesSpan())

const active = (): boolean => view().page === 'reports' && view().tab === 'rates'
const when = (path: () => string) => () => (active() ? path() : null)
const reportPath = () => uptimePath('/uptime', ratesPlace(), ratesSpan(), { by: view().rates.by })

export const report = new Resource<UptimeReport>(when(reportPath))
// The stretch before grows with the clock; as long as the period is the same, it is the same question.
export const before = new Resource<UptimeReport>(
  when(() => uptimePath('/uptime', ratesPlace(), comparedSpan(), { by: view().rates.by })),
  reportPath,
)
export const trend = new Resource<UptimeSeries>(
  when(() => uptimePath('/uptime/series', ratesPlace(), ratesSpan(), { step: trendStep() })),
)
export const days = new Resource<UptimeSeries>(
  when(() => uptimePath('/uptime/series', ratesPlace(), yearSpan(), { step: 'day' })),
)
export const kpis = new Resource<KpiReport>(when(() => kpiPath(ratesPlace(), ratesSpan()).path))
export const platforms = new Resource<PlatformReport>(
  when(() => {
    const { from, to } = ratesSpan()
    return `/platforms?from=${from}&to=${to}`
  }),
)
const readings: readonly Resource<unknown>[] = [report, before, trend, days, kpis, platforms]

const readAll = (): void => {
  for (const reading of readings) void reading.load()
}

/** Call while the page is open: reads again every minute, and soon after an exemption or a correction was decided. Returns the stop. */
export function keepRates(): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  const stop = onChanged((what) => {
    if (what !== 'adjustments') return
    timer ??= setTimeout(() => {
      timer = null
      readAll()
    }, afterDecisionMs)
  })
  const regular = setInterval(readAll, againMs)
  return () => {
    stop()
    clearInterval(regular)
    if (timer) clearTimeout(timer)
    for (const reading of readings) reading.clear()
  }
}

// As text: it changes when the question does, and not when the clock ticks.
const asked = $derived(JSON.stringify([active(), view().district, view().rates, ratesSpan(), yearSpan()]))

/** Call in an effect: reads what the address asks for, and again when that changes. */
export function followRates(): void {
  if (asked) readAll()
}
