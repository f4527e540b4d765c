/** What the rates page reads from the hub, each by itself: one that fails leaves the others standing. */
import type { KpiReport, PlatformReport, UptimeReport, UptimeSeries } from '@hub/contracts'
import { minuteMs } from '@hub/core'
import { Resource } from '../../../api/resource.svelte.ts'
import { clock, onChanged } from '../../../live/live.svelte.ts'
import type { Change } from '../../../router/address.ts'
import { address, go, hrefOf } from '../../../router/router.svelte.ts'
import { may } from '../../../session/session.svelte.ts'
import { calendarSpan } from '../../../shared/rates/calendar.ts'
import { elapsed, previousOf, spanOf, stepOf } from '../../../shared/rates/period.ts'
import { uptimePath } from '../../../shared/rates/uptime-path.ts'
import { tabOf } from '../query.ts'
import { type DrillScope, formatRates, kpiPath, parseRates, type RatesQuery } from './query.ts'

const afterDecisionMs = 2_000

const asked = $derived(parseRates(address().query))

export const rates = (): RatesQuery => asked
export const drillScope = (): DrillScope => ({ district: address().district, rates: rates() })
/** The same page with something else chosen. */
export const ratesHref = (change: Partial<RatesQuery>): string =>
  scopeHref({ district: address().district, rates: { ...rates(), ...change } })
export const choose = (change: Partial<RatesQuery>, how: 'push' | 'replace' = 'replace'): void =>
  go({ query: formatRates({ ...rates(), ...change }) }, how)

const toScope = ({ district, rates }: DrillScope): Change => ({ below: 'rates', district, query: formatRates(rates) })
export const scopeHref = (scope: DrillScope): string => hrefOf({ page: 'reports', ...toScope(scope) })
export const goToScope = (scope: DrillScope): void => go(toScope(scope))

export const ratesSpan = () => spanOf(rates().period, clock())
/** What of the period has passed. */
export const elapsedSpan = () => elapsed(ratesSpan(), clock())
export const comparedSpan = () => previousOf(elapsedSpan())
export const yearSpan = () => calendarSpan(ratesSpan(), clock())
export const trendStep = () => stepOf(ratesSpan())

const active = (): boolean => address().page === 'reports' && tabOf(address().below) === 'rates'
const when = (path: () => string) => () => (active() ? path() : null)
/** What is of no one unit is not asked for by who may not see it. */
const whenOverseen = (path: () => string) => () => (may('oversee') && active() ? path() : null)
const narrowed = () => ({ district: address().district, filter: rates().filter })
const reportPath = () => uptimePath('/uptime', narrowed(), ratesSpan(), { by: rates().by })

export const report = new Resource<UptimeReport>(when(reportPath))
// The stretch before grows with the clock; as long as the period is the same, it is the same question.
export const before = new Resource<UptimeReport>(
  when(() => uptimePath('/uptime', narrowed(), comparedSpan(), { by: rates().by })),
  reportPath,
)
export const trend = new Resource<UptimeSeries>(
  when(() => uptimePath('/uptime/series', narrowed(), ratesSpan(), { step: trendStep() })),
)
export const days = new Resource<UptimeSeries>(
  when(() => uptimePath('/uptime/series', narrowed(), yearSpan(), { step: 'day' })),
)
export const kpis = new Resource<KpiReport>(whenOverseen(() => kpiPath(drillScope(), ratesSpan()).path))
export const monitoredSystems = new Resource<PlatformReport>(
  whenOverseen(() => {
    const { from, to } = ratesSpan()
    return `/platforms?from=${from}&to=${to}`
  }),
)
const resources: readonly Resource<unknown>[] = [report, before, trend, days, kpis, monitoredSystems]

const readAll = (): void => {
  for (const resource of resources) void resource.load()
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
  const regular = setInterval(readAll, minuteMs)
  return () => {
    stop()
    clearInterval(regular)
    if (timer) clearTimeout(timer)
    for (const resource of resources) resource.clear()
  }
}

// As text: it changes when the question does, and not when the clock ticks.
const question = $derived(JSON.stringify([active(), address().district, rates(), ratesSpan(), yearSpan()]))

/** Call in an effect: reads what the address asks for, and again when that changes. */
export function followRates(): void {
  if (question) readAll()
}
