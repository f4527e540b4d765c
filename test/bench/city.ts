/**
 * A whole city, from an empty folder to calm: the real hub, gateways and simulators on one machine. Commissioning to 99.9 % online, a steady
 * phase, a power cut of 8.5 %, a gateway that is cut off, a restart of the hub, a burst after the hub stood still, a flood of observations; for each the CPU, memory and event
 * loop of hub and gateways, what was taken in and how late, the outages opened against the true ones, and how soon all is calm.
 * The simulators share the machine and are reported apart. Beside it a Zabbix server with PostgreSQL takes values at the same rate.
 *
 *   npm run bench -- city [--cameras 20000] [--sensors 1000] [--minutes 10] [--phases commission,steady,power-cut,gateway-cut,restart,burst,flood]
 *     [--every SECONDS] [--gateways N] [--limit 900] [--cut-minutes 5] [--stop-seconds 120] [--flood-seconds 60] [--growth 2000,10000,20000] [--keep] [--no-peer]
 *     [--flags='FLAGS OF NODE FOR THE HUB']
 */
import { parseArgs } from 'node:util'
import { thisMachine } from '../../infra/demo/machine.ts'
import { paceLines, paceOf } from '../../infra/demo/pace.ts'
import { createPhases, type Outcome, type PhaseName, phaseNames } from './city/phases.ts'
import { makePlace } from './city/place.ts'
import { installZabbix, runZabbix, whyNoZabbix } from './city/zabbix.ts'
import { rounded } from './field/proc.ts'

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    cameras: { type: 'string', default: '20000' },
    sensors: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '10' },
    phases: { type: 'string', default: phaseNames.join(',') },
    every: { type: 'string' },
    gateways: { type: 'string' },
    limit: { type: 'string', default: '900' },
    'cut-minutes': { type: 'string', default: '5' },
    'stop-seconds': { type: 'string', default: '120' },
    'flood-seconds': { type: 'string', default: '60' },
    growth: { type: 'string' },
    'no-peer': { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    flags: { type: 'string', default: '' },
  },
})
const asked = values.phases.split(',')
const strange = asked.find((name) => !(phaseNames as readonly string[]).includes(name))
if (strange) throw new Error(`there is no phase ${strange}: there are ${phaseNames.join(', ')}`)

const startedAt = performance.now()
const say = (text: string) =>
  console.log(`[${((performance.now() - startedAt) / 1_000).toFixed(0).padStart(5)} s] ${text}`)

type Figures = Partial<Record<PhaseName, Outcome>>

const size = { cameras: Number(values.cameras), sensors: Number(values.sensors) }
const city = await run(size, asked)
const growth = values.growth ? await grow(values.growth.split(',').map(Number)) : undefined
const { steady } = city.phases
const ours = {
  ...city,
  hub_cpu_us_per_observation: steady
    ? rounded(((steady.hub.cpu_core_pct ?? Number.NaN) * 10_000) / (steady.observations_per_s ?? Number.NaN))
    : null,
  hub_rss_max_mb: steady?.hub.rss_max_mb ?? null,
  ...(growth && { growth }),
}
const zabbix = values['no-peer'] ? undefined : await compare()
const ratios = zabbix && {
  zabbix: {
    cpu: rounded((zabbix.cpu_us_per_value ?? Number.NaN) / (ours.hub_cpu_us_per_observation ?? Number.NaN), 2),
    memory: rounded((zabbix.memory_mb ?? Number.NaN) / (ours.hub_rss_max_mb ?? Number.NaN), 2),
  },
}
console.log(JSON.stringify({ bench: 'city', ours, peers: zabbix ? { zabbix } : {}, ratios: ratios ?? {} }))

/** As many values at the same rate, for two minutes. */
async function compare() {
  installZabbix(say)
  const why = whyNoZabbix()
  if (why) {
    say(`zabbix: SKIPPED, ${why}`)
    return undefined
  }
  const figures = await runZabbix(size.cameras + size.sensors, city.period_s, Math.max(120, city.period_s))
  say(
    `zabbix: ${figures.values_per_s} values/s, ${figures.cpu_us_per_value} µs of CPU each (server and PostgreSQL; ours ${ours.hub_cpu_us_per_observation}, with the console's API, states, outages and reports), ${figures.memory_mb} MB (ours ${ours.hub_rss_max_mb})`,
  )
  return figures
}

async function run(size: { cameras: number; sensors: number }, names: readonly string[]) {
  const chosen = paceOf(size, thisMachine())
  const pace = {
    ...chosen,
    // It would bring every gateway the cameras of others, and those of a demonstration beside it.
    multicast: false,
    ...(values.every && { probeEverySeconds: Number(values.every), discoverEverySeconds: 3 * Number(values.every) }),
    ...(values.gateways && { gateways: Number(values.gateways) }),
  }
  for (const line of paceLines(size, pace)) say(line)
  const place = await makePlace(size, pace, {
    keep: values.keep,
    flags: values.flags.split(' ').filter(Boolean),
  })
  const { phases, close } = createPhases(
    place,
    {
      ...size,
      minutes: Number(values.minutes),
      limit: Number(values.limit),
      cutMinutes: Number(values['cut-minutes']),
      stopSeconds: Number(values['stop-seconds']),
      floodSeconds: Number(values['flood-seconds']),
      period: pace.probeEverySeconds,
    },
    say,
  )
  const figures: Figures = {}
  try {
    // Every other phase needs a city that is there.
    for (const name of phaseNames.filter((one) => one === 'commission' || names.includes(one))) {
      const outcome = await phases[name]()
      figures[name] = outcome
      report(name, outcome)
    }
  } finally {
    close()
    await place.stop()
  }
  return {
    ...size,
    period_s: pace.probeEverySeconds,
    gateways: pace.gateways,
    hub_cpu_core_pct: figures.steady?.hub.cpu_core_pct ?? null,
    phases: figures,
  }
}

function report(name: PhaseName, of: Outcome) {
  const { hub, gateways, sims } = of
  const most = (figure: 'cpu_core_pct' | 'rss_max_mb' | 'loop_p99_ms' | 'loop_max_ms') =>
    gateways.map((gateway) => gateway[figure]).join(' ')
  say(`${name}: ${of.seconds} s`)
  say(
    `  hub ${hub.cpu_core_pct} % of a core, at most ${hub.rss_max_mb} MB (outside the heap ${hub.external_mb}, grown by ${hub.external_grown_mb}), event loop p99 ${hub.loop_p99_ms} ms and ${hub.loop_max_ms} ms at most`,
  )
  say(
    `  gateways ${most('cpu_core_pct')} % of a core (their decoders ${of.decoders_cpu_core_pct} %), at most ${most('rss_max_mb')} MB, event loop p99 ${most('loop_p99_ms')} ms`,
  )
  say(
    `  simulators ${sims.cpu_core_pct} % of a core, ${sims.rss_max_mb} MB; the benchmark itself ${of.bench_cpu_core_pct} %, all else on this machine ${of.others_cpu_core_pct} %`,
  )
  say(
    `  ${of.observations_per_s} observations/s, lag p99 ${of.lag_p99_s} s; outages opened ${of.outages_opened.outages}, false ${of.outages_opened.false} (devices ${of.outages_opened.false_devices}), at most ${of.outages_open_max} open; of ${of.acknowledged.batches} batches acknowledged lost ${of.acknowledged.lost}, twice ${of.acknowledged.twice}`,
  )
  // What only this phase has.
  const own = Object.entries(of).filter(([figure]) => figure.endsWith('_s') && !/^(observations_per|lag_)/.test(figure))
  say(`  ${own.map(([figure, value]) => `${figure} ${value}`).join(', ')}`)
}

/** The steady state at several sizes, with one period: what a device costs must not grow with the city. */
async function grow(sizes: readonly number[]) {
  const rows = []
  for (const cameras of sizes) {
    const { phases, sensors } = await run({ cameras, sensors: Math.round(cameras / 20) }, ['steady'])
    const { hub, gateways, observations_per_s } = phases.steady!
    const of = (figure: 'cpu_core_pct' | 'rss_max_mb') => gateways.reduce((sum, one) => sum + (one[figure] ?? 0), 0)
    const each = (percent: number | null) => rounded(((percent ?? Number.NaN) * 10_000) / (cameras + sensors), 2)
    rows.push({
      cameras,
      sensors,
      observations_per_s,
      hub_cpu_us_per_device_s: each(hub.cpu_core_pct),
      gateways_cpu_us_per_device_s: each(of('cpu_core_pct')),
      hub_rss_max_mb: hub.rss_max_mb,
      gateways_rss_max_mb: of('rss_max_mb'),
      commission_s: phases.commission?.total_s ?? null,
    })
    say(JSON.stringify(rows.at(-1)))
  }
  return rows
}
