/**
 * One gateway process and a whole rollout of simulated cameras: what probing them costs in steady state, what cameras that drip
 * cost the others, how soon a power cut is confirmed; what polling the same cameras costs by the usual means; and what it costs with
 * as many event subscriptions beside the probes as the gateway holds by default.
 *
 *   npm run bench -- fleet [--cameras 20000] [--every 30] [--periods 2] [--parts peers,drip,cut,events] [--flags='FLAGS OF NODE FOR THE GATEWAY']
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { until } from '../e2e/support/until.ts'
import { cpuOf, cpuOfChildren, percentile, rounded, rssOf } from './field/proc.ts'
import { startScene } from './field/scene.ts'
import type { Bystander } from './fleet/bystander.ts'
import type { PollOrder, PollReport } from './fleet/poller.ts'
import { createTally } from './fleet/tally.ts'
import { startBlackbox } from './probe/blackbox.ts'

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    cameras: { type: 'string', default: '20000' },
    every: { type: 'string', default: '30' },
    periods: { type: 'string', default: '2' },
    parts: { type: 'string', default: 'peers,drip,cut,events' },
    flags: { type: 'string', default: '' },
  },
})
const [cameras, every, periods] = [Number(values.cameras), Number(values.every), Number(values.periods)]
const say = (...words: unknown[]) => console.log(...words)

/** Periods with and without dripping cameras, in turn. */
const dripRounds = 5

const scene = await startScene({ cameras, flags: values.flags.split(' ').filter(Boolean) })
const { centre, fleet } = scene
const identified = new Set<string>()
centre.onIdentified = ({ device }) => identified.add(device)
let tally = createTally()
let gateway = 0

const identifying = await identifyAll(false)
const steady = await measure(periods)
report('probes alone', steady)
const wanted = new Set(values.parts.split(','))
const peers = wanted.has('peers') ? await comparePeers() : {}
const dripping = wanted.has('drip') ? await dripSome() : {}
const cut = wanted.has('cut') ? await cutPower() : {}
const events = wanted.has('events') ? await subscribe() : {}
await scene.stop()

const prefixed = (prefix: string, figures: object) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix}_${name}`, value]))
const ratio = ({ cpu_us }: { cpu_us: number | null }) => rounded((cpu_us ?? Number.NaN) / steady.cpu_us!, 2)
say(
  JSON.stringify({
    bench: 'fleet',
    ours: {
      cameras,
      period_s: every,
      ...steady,
      ...prefixed('identifying', identifying),
      ...dripping,
      ...cut,
      ...prefixed('events', events),
    },
    peers,
    ratios: Object.fromEntries(Object.entries(peers).map(([name, peer]) => [name, ratio(peer)])),
  }),
)

/** A gateway of its own, until it knows every camera. */
async function identifyAll(events: boolean) {
  gateway = await scene.startGateway({ events: { enabled: events } })
  tally = createTally()
  centre.onLook = tally.take
  identified.clear()
  const began = performance.now()
  const cpu = cpuOf(gateway)
  await centre.assign(scene.assigned(every * 1_000))
  await until(() => tally.seen === cameras, 4 * every + cameras / 100, 'every camera is probed', 250)
  await until(() => identified.size === cameras, 120 + cameras / 20, 'every camera is identified', 250)
  const seconds = (performance.now() - began) / 1_000
  say(`${cameras} cameras assigned, probed and identified in ${seconds.toFixed(0)} s`)
  // The centre takes the inventory in once more, and the heap settles: what is measured then is the steady state.
  await sleep(every * 1_000)
  return {
    s: rounded(seconds),
    cpu_s: rounded((cpuOf(gateway) - cpu) / 1e6),
    rss_mb: rounded(rssOf(gateway), 0),
  }
}

async function subscribe() {
  await scene.stopGateway()
  await identifyAll(true)
  const figures = await measure(periods)
  const subscriptions = (await scene.metrics()).get('gateway_events_subscriptions')!
  report(`with ${subscriptions} event subscriptions`, figures)
  return { subscriptions, ...figures }
}

/** Over whole periods, beginning now. */
async function measure(count: number, without?: ReadonlySet<string>) {
  // A scrape begins the event loop's figures anew.
  const before = await scene.metrics()
  tally.window()
  const cpu = cpuOf(gateway)
  const decoders = cpuOfChildren(gateway)
  const began = performance.now()
  const rss: number[] = []
  for (let second = 0; second < count * every; second++) {
    await sleep(1_000)
    rss.push(rssOf(gateway))
  }
  const seconds = (performance.now() - began) / 1_000
  const used = cpuOf(gateway) - cpu
  const decoding = cpuOfChildren(gateway) - decoders
  const after = await scene.metrics()
  const probes = after.get('gateway_probes_total')! - before.get('gateway_probes_total')!
  const { lateP99, tookP99 } = tally.window(without)
  return {
    probes_per_s: rounded(probes / seconds),
    cpu_core_pct: rounded(used / seconds / 10_000),
    cpu_us: rounded(used / probes),
    // Programs of their own that decode a picture now and then: at the start of a fleet each camera's first.
    decoders_cpu_core_pct: rounded(decoding / seconds / 10_000),
    rss_mb: rounded(percentile(rss, 50), 0),
    rss_max_mb: rounded(Math.max(...rss), 0),
    loop_lag_p99_ms: rounded(after.get('nodejs_eventloop_lag_p99_seconds')! * 1_000),
    late_p99_ms: lateP99,
    probe_p99_ms: tookP99,
  }
}

function report(what: string, of: Awaited<ReturnType<typeof measure>>) {
  say(
    `${what}: ${of.probes_per_s} probes/s, ${of.cpu_core_pct} % of a core (${of.cpu_us} µs a probe; its decoders ${of.decoders_cpu_core_pct} %), ${of.rss_mb} MB (at most ${of.rss_max_mb}), ` +
      `late p99 ${of.late_p99_ms} ms, event loop p99 ${of.loop_lag_p99_ms} ms, a probe takes p99 ${of.probe_p99_ms} ms`,
  )
}

/**
 * One camera in twenty answers a byte at a time, every other period: a ratio is the median of the ratios of neighbouring periods. The simulators
 * answer later too when they drip, and share two cores with the gateway: a bare client that asks the same others at the same time tells how much.
 */
async function dripSome() {
  const isDripping = (n: number) => n % 20 === 0
  const dripping = new Set(fleet.cameras.filter((_, n) => isDripping(n)).map(({ id }) => id))
  const xaddrs = fleet.cameras.filter((_, n) => !isDripping(n)).map(({ ipAddress }) => scene.xaddrOf(ipAddress))
  const bystander = fork(new URL('./fleet/bystander.ts', import.meta.url))
  await once(bystander, 'message')
  bystander.send({ xaddrs } satisfies Bystander)
  const bare = async () => {
    bystander.send('window')
    return ((await once(bystander, 'message')) as [number | null])[0] ?? 0
  }
  const period = async () => {
    await bare()
    const figures = await measure(1, dripping)
    return { ...figures, late: figures.late_p99_ms ?? 0, probe: figures.probe_p99_ms ?? 0, bare: await bare() }
  }
  const rounds: { without: Awaited<ReturnType<typeof period>>; during: Awaited<ReturnType<typeof period>> }[] = []
  for (let round = 0; round < dripRounds; round++) {
    const without = await period()
    for (const id of dripping) await scene.fault('slow', { id }, 'drip')
    const during = await period()
    await scene.clear()
    rounds.push({ without, during })
  }
  bystander.kill()
  const { during } = rounds.at(-1)!
  report(`${dripping.size} dripping`, during)
  const shown = { late: 'begin late by p99', probe: 'take p99', bare: "of a bare client's take p99" } as const
  for (const figure of ['late', 'probe', 'bare'] as const)
    say(
      `probes of the others ${shown[figure]}, ms without and with them: ${rounds.map((r) => `${rounded(r.without[figure])} ${rounded(r.during[figure])}`).join(', ')}`,
    )
  const grown = (of: (typeof rounds)[number], figure: keyof typeof shown) =>
    Math.max(1, of.during[figure]) / Math.max(1, of.without[figure])
  const median = (ratio: (of: (typeof rounds)[number]) => number) => rounded(percentile(rounds.map(ratio), 50), 2)
  await sleep(every * 1_000)
  return {
    dripping_cameras: dripping.size,
    dripping_cpu_core_pct: during.cpu_core_pct,
    dripping_others_late_p99_ratio: median((of) => grown(of, 'late')),
    dripping_others_probe_p99_ratio: median((of) => grown(of, 'probe')),
    dripping_others_bare_p99_ratio: median((of) => grown(of, 'bare')),
    dripping_others_probe_to_bare_p99_ratio: median((of) => grown(of, 'probe') / grown(of, 'bare')),
  }
}

/** The district that is nearest to one camera in twelve loses its power (1,700 of 20,000). */
async function cutPower() {
  const sizes = Map.groupBy(fleet.cameras, ({ district }) => district)
  const off = (members: readonly unknown[]) => Math.abs(members.length - (cameras * 1_700) / 20_000)
  const [district, members] = [...sizes].sort(([, a], [, b]) => off(a) - off(b))[0]!
  const ids = new Set(members.map(({ id }) => id))
  const since = performance.now()
  await scene.fault('power-off', { district })
  const needed = Math.ceil(ids.size * 0.99)
  await until(() => tally.confirmed(ids, since).length >= needed, 3 * every + 30, 'the cut is confirmed', 100)
  const seconds = (tally.confirmed(ids, since)[needed - 1]! - since) / 1_000
  await scene.clear()
  say(`power cut of ${ids.size}: 99 % confirmed after ${seconds.toFixed(1)} s (period + 10 s is ${every + 10})`)
  return { power_cut_cameras: ids.size, power_cut_confirmed_99_s: rounded(seconds), power_cut_limit_s: every + 10 }
}

/** The same cameras at the same time, by a loop over each library and by the blackbox exporter: CPU of one probe. */
async function comparePeers() {
  const xaddrs = fleet.cameras.slice(0, 2_000).map(({ ipAddress }) => scene.xaddrOf(ipAddress))
  const costs: Record<string, { cpu_us: number | null }> = {}
  for (const library of ['node-onvif', 'onvif']) {
    const child = fork(new URL('./fleet/poller.ts', import.meta.url))
    await once(child, 'message')
    child.send({ library, xaddrs, seconds: 8 } satisfies PollOrder)
    const [{ polls, failed, microseconds }] = (await once(child, 'message')) as [PollReport]
    child.kill()
    if (failed > polls / 100) throw new Error(`${library}: ${failed} of ${polls} polls failed`)
    costs[library] = { cpu_us: rounded(microseconds) }
  }
  const blackbox = await startBlackbox(xaddrs)
  if (blackbox) costs.blackbox = { cpu_us: rounded(await blackbox.run(4_000)) }
  else say('prometheus-blackbox-exporter is not installed: not compared')
  await blackbox?.stop()
  for (const [name, { cpu_us: cost }] of Object.entries(costs))
    say(
      `${name}: ${cost} µs a probe, ${(cost! / steady.cpu_us!).toFixed(1)} × ours; ${cameras} cameras would take ${((cost! * cameras) / every / 10_000).toFixed(0)} % of a core`,
    )
  return costs
}
