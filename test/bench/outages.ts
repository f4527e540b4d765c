/**
 * How well transitions become outages: a corpus of seeded simulator scenarios with ground truth, our correlation, and the naive ways
 * beside it (an alarm for each device; one for each district and minute). A quarter of the scenarios is kept aside from tuning.
 * With --unlike a second corpus, made without a look at the correlation: `outages/unlike/main.ts` says how.
 *
 *   npm run bench -- outages [--only KIND[-N] | --only city] [--verbose]     the day of the city takes a minute, and runs only when asked for
 */
import {
  type CorrelatedOutage,
  Correlator,
  defaultCorrelationPolicy,
  type Episode,
  nodeOf,
  type Topology,
  topologyOf,
} from '@hub/core'
import { city } from './outages/city.ts'
import { corpus, isAside, type Scenario, scenarioKinds } from './outages/corpus.ts'
import { type Decided, play } from './outages/field.ts'
import { createNotifications } from './outages/notifications.ts'
import { addPairs, f1, isRight, noPairs, type Pairs, type Placed, pairsOf } from './outages/score.ts'

if (process.argv.includes('--unlike')) {
  await import('./outages/unlike/main.ts')
  process.exit()
}

const option = (name: string) => {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : process.argv[at + 1]
}
const verbose = process.argv.includes('--verbose')

function topologyFor({ devices, unrecorded }: Scenario): Topology {
  return topologyOf(
    devices.map((d) => {
      const gap = unrecorded.has(d.id)
      return {
        id: d.id,
        district: d.district,
        carrier: d.carrier,
        gateway: d.gateway,
        recorder: d.recorder,
        port: null,
        pole: gap ? null : d.pole,
        feed: gap ? null : d.power,
        switch: gap ? null : d.switch,
        longitude: d.longitude,
        latitude: d.latitude,
        ipAddress: d.kind === 'camera' ? d.ipAddress : null,
        needs: d.uplinks && !gap ? [d.uplinks.map((key) => nodeOf('switch', key))] : undefined,
      }
    }),
  )
}

type Tally = { pairs: Pairs; causes: number; right: number; notifications: number; digests: number; alarms: number }
const nothing = (): Tally => ({ pairs: noPairs, causes: 0, right: 0, notifications: 0, digests: 0, alarms: 0 })
const add = (a: Tally, b: Tally): Tally => ({
  pairs: addPairs(a.pairs, b.pairs),
  causes: a.causes + b.causes,
  right: a.right + b.right,
  notifications: a.notifications + b.notifications,
  digests: a.digests + b.digests,
  alarms: a.alarms + b.alarms,
})

type Outcome = { ours: Tally; each: Tally; districtMinute: Tally; cpuMs: number; events: number }

function run(scenario: Scenario, events: readonly Decided[]): Outcome {
  const topology = topologyFor(scenario)
  const correlator = new Correlator(topology, defaultCorrelationPolicy)
  const places = new Map(
    scenario.devices.map(({ id, district }, n) => [id, { district, pointType: n % 10 === 0 ? '1' : '3' }]),
  )
  const notifications = createNotifications((device) => places.get(device))
  const outages = new Map<string, CorrelatedOutage>()
  const episodes = new Set<Episode>()
  const began = process.cpuUsage()
  let next = 0
  const end = (events.at(-1)?.decidedAt ?? 0) + 120_000
  for (let now = events[0]?.decidedAt ?? 0; now <= end; now += 1_000) {
    while (next < events.length && events[next]!.decidedAt <= now) correlator.apply(events[next++]!)
    const effects = correlator.settle(now)
    for (const effect of effects) {
      if (effect.kind === 'merged') outages.delete(effect.id)
      else if (effect.kind === 'changed') outages.set(effect.outage.id, effect.outage)
    }
    notifications.hear(effects, correlator.takeChanges().outages)
    notifications.decide(now)
  }
  const { user, system } = process.cpuUsage(began)
  notifications.finish(end)
  for (const outage of outages.values()) for (const e of outage.episodes) episodes.add(e)

  const truthOf = new Map(scenario.causes.flatMap((cause, n) => cause.devices.map((id) => [id, n] as const)))
  const seen = [...episodes].filter((e) => truthOf.has(e.device))
  const placed = (group: (e: Episode) => string): Placed[] =>
    seen.map((e) => ({ truth: truthOf.get(e.device)!, group: group(e) }))
  const alarms = events.filter((e) => e.to !== 'up').length
  const judged = judge(scenario, topology, outages, seen, truthOf)
  const district = (e: Episode) => `${e.device.slice(0, 6)} ${Math.floor(e.from / 60_000)}`
  if (verbose) report(scenario, outages, judged)
  return {
    ours: { pairs: pairsOf(placed((e) => e.outage!)), ...judged, ...notificationsOf(notifications.sent), alarms },
    each: { ...nothing(), pairs: pairsOf(placed((e) => `${e.device} ${e.from}`)), notifications: alarms, alarms },
    districtMinute: {
      ...nothing(),
      pairs: pairsOf(placed(district)),
      notifications: new Set(seen.map(district)).size,
      alarms,
    },
    cpuMs: (user + system) / 1_000,
    events: events.length,
  }
}

const notificationsOf = ({ own, digests }: { own: number; digests: number }) => ({
  notifications: own + digests,
  digests,
})

/** For each true cause that was seen: was the outage that holds most of it named rightly? */
function judge(
  scenario: Scenario,
  topology: Topology,
  outages: ReadonlyMap<string, CorrelatedOutage>,
  seen: readonly Episode[],
  truthOf: ReadonlyMap<string, number>,
): { causes: number; right: number } {
  const byTruth = Map.groupBy(seen, (e) => truthOf.get(e.device)!)
  let right = 0
  for (const [truth, members] of byTruth) {
    const [main] = [...Map.groupBy(members, (e) => e.outage!)].sort((a, b) => b[1].length - a[1].length)
    if (isRight(scenario.causes[truth]!, outages.get(main![0])!, topology, scenario)) right++
  }
  return { causes: byTruth.size, right }
}

function report(
  scenario: Scenario,
  outages: ReadonlyMap<string, CorrelatedOutage>,
  judged: { causes: number; right: number },
) {
  console.log(`${scenario.name}: ${judged.right} of ${judged.causes} causes right`)
  for (const { kind, key, devices } of scenario.causes) console.log(`  true  ${kind} ${key}: ${devices.length}`)
  for (const { cause, evidence, episodes } of outages.values())
    console.log(
      `  ours  ${cause.kind} ${cause.key} ${cause.mode}: ${episodes.length} (${evidence.down}/${evidence.of} in ${Math.round(evidence.withinMs / 1_000)} s)`,
    )
}

const all = { tuned: [] as [Scenario, Outcome][], aside: [] as [Scenario, Outcome][] }
for (const scenario of corpus(option('--only'))) {
  const outcome = run(scenario, play(scenario))
  all[isAside(scenario) ? 'aside' : 'tuned'].push([scenario, outcome])
}

const rounded = (n: number, digits = 4) => Number(n.toFixed(digits))
const total = (of: readonly [Scenario, Outcome][], which: 'ours' | 'each' | 'districtMinute') =>
  of.reduce((sum, [, outcome]) => add(sum, outcome[which]), nothing())
/** Each scenario counts the same, however many devices failed in it. */
const meanF1 = (of: readonly [Scenario, Outcome][]) =>
  rounded(of.reduce((sum, [, { ours }]) => sum + f1(ours.pairs).f1, 0) / Math.max(1, of.length))
const figures = (tally: Tally) => {
  const { precision, recall, f1: both } = f1(tally.pairs)
  return {
    precision: rounded(precision),
    recall: rounded(recall),
    f1: rounded(both),
    ...(tally.causes > 0 ? { cause_right: rounded(tally.right / tally.causes) } : {}),
    notifications: tally.notifications,
  }
}

for (const kind of scenarioKinds) {
  const of = [...all.tuned, ...all.aside].filter(([scenario]) => scenario.kind === kind)
  if (of.length === 0) continue
  const { precision, recall, cause_right, notifications } = figures(total(of, 'ours'))
  const { alarms, digests } = total(of, 'ours')
  console.log(
    `${kind.padEnd(16)} ${of.length} scenarios  precision ${precision}  recall ${recall}  cause right ${cause_right}  alarms ${alarms}  notifications ${notifications}, of these ${digests} digests`,
  )
}
const days = option('--only') === 'city' ? [city(1)] : []
for (const w of days)
  console.log(
    `a day of the city at rates that we assume, x ${w.rate}: ${w.alarms} alarms, ${w.notifications} notifications, of these ${w.digests} digests: ${w.ratio}`,
  )
const every = [...all.tuned, ...all.aside]
const cpu = every.reduce((sum, [, o]) => sum + o.cpuMs, 0)
const events = every.reduce((sum, [, o]) => sum + o.events, 0)
const ours = {
  tuned: figures(total(all.tuned, 'ours')),
  aside: figures(total(all.aside, 'ours')),
  all: figures(total(every, 'ours')),
}
console.log(`tuned on   ${all.tuned.length}: ${JSON.stringify(ours.tuned)}`)
console.log(`kept aside ${all.aside.length}: ${JSON.stringify(ours.aside)}`)
const each = figures(total(every, 'each'))
const districtMinute = figures(total(every, 'districtMinute'))
console.log(
  JSON.stringify({
    bench: 'outages',
    ours: {
      scenarios: every.length,
      ...ours.all,
      aside_scenarios: all.aside.length,
      mean_f1_of_scenarios: meanF1(every),
      aside_f1: ours.aside.f1,
      aside_mean_f1_of_scenarios: meanF1(all.aside),
      aside_cause_right: ours.aside.cause_right,
      cpu_us_per_event: rounded((cpu * 1_000) / Math.max(1, events), 1),
    },
    peers: { 'alarm-each-device': each, 'district-and-minute': districtMinute },
    ratios: {
      f1_to_alarm_each: rounded(ours.all.f1 / each.f1, 2),
      f1_to_district_minute: rounded(ours.all.f1 / districtMinute.f1, 2),
      notifications_to_alarm_each: rounded(ours.all.notifications / each.notifications),
      ...(days[0] && { city_notifications_to_alarm_each: days[0].ratio }),
    },
  }),
)
