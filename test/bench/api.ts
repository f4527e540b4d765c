/**
 * What people ask of the hub at the size of the city: how long the answers take, and for how long the hub's main thread, which also
 * acknowledges batches, does not come round meanwhile. The hub is the program as it runs, asked over HTTP. Beside it the least that such a
 * list costs: the same rows out of the same file in one statement, without a viewer, a page or a check.
 *
 *   npm run bench -- api [--devices 20000] [--days 35] [--repeats 15] [--port 8790] [--only NAME] [--profile FOLDER] [--folder FOLDER]
 *
 * A folder that is named is kept, and asked again as it is.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { dayOf, dayStart, monthSpan } from '@hub/core'
import { floor } from './api/floor.ts'
import { type Hub, startHub } from './api/hub.ts'
import { fillPast } from './api/past.ts'
import { csvOf } from './api/records.ts'
import type { Strain } from './api/watch.ts'
import { deviceOf, makeCity } from './report/history.ts'
import { quantile, rounded } from './report/timed.ts'

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    devices: { type: 'string', default: '20000' },
    days: { type: 'string', default: '35' },
    repeats: { type: 'string', default: '15' },
    port: { type: 'string', default: '8790' },
    only: { type: 'string', default: '' },
    profile: { type: 'string' },
    folder: { type: 'string' },
  },
})
const [devices, days, repeats, port] = [values.devices, values.days, values.repeats, values.port].map(Number) as [
  ...[number, number, number, number],
]
const say = (...words: unknown[]) => console.log(...words)
const halfDay = 43_200_000
const [year = 0, month = 1] = dayOf(Date.now()).split('-').map(Number)
const lastMonth = month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`
const span = monthSpan(lastMonth)

type Ask = (hub: Hub, i: number) => Promise<unknown>
/** First answers are told apart: nothing is in memory yet. */
const reads: { [name: string]: Ask } = {
  kpis: (hub) => hub.get(`/kpis?from=${span.from}&to=${span.to}`),
  kpis_of_a_district: (hub, i) => hub.get(`/kpis?from=${span.from}&to=${span.to}&district=${deviceOf(i).district}`),
  kpis_running_month: (hub) => hub.get(`/kpis?from=${span.to}&to=${span.to + 30 * 86_400_000}`),
  devices_first_page: (hub) => hub.get('/devices?limit=100'),
  devices_filtered: (hub, i) => hub.get(`/devices?limit=100&district=${deviceOf(i).district}&state=down`),
  devices_searched: (hub, i) => hub.get(`/devices?limit=100&search=${encodeURIComponent(`卡口 ${100 + i}`)}`),
  devices_all: (hub) => hub.get('/devices'),
  one_device: (hub, i) => hub.get(`/devices/${deviceOf(i).id}`),
  overview: (hub) => hub.get('/overview'),
  rollout: (hub, i) => hub.get(`/rollout?list=missing&limit=500&offset=${500 * (i % 4)}`),
  rollout_csv: (hub) => hub.get('/rollout.csv?list=missing'),
  discovered: (hub) => hub.get('/discovered'),
  progress: (hub, i) => hub.get(`/progress?by=${['district', 'carrier', 'project'][i % 3]}`),
  scorecards: (hub) => hub.get(`/scorecards?month=${lastMonth}`),
  statements: (hub) => hub.get('/statements'),
  registry_csv: (hub) => hub.get('/registry.csv'),
  make_scorecards_district: (hub) => makeCards(hub, 'district'),
  make_scorecards_carrier: (hub) => makeCards(hub, 'carrier'),
}
const makeCards = (hub: Hub, kind: string) =>
  hub.post('/scorecards', 'application/json', JSON.stringify({ month: lastMonth, kind }))

const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'hub-bench-api-'))
const city = makeCity(devices, days, dayStart(Date.now() - halfDay))
const figures: { [name: string]: number } = { devices, days }
const flags = values.profile ? ['--cpu-prof', '--cpu-prof-dir', values.profile] : []
try {
  if (!existsSync(join(folder, 'record.db'))) {
    mkdirSync(folder, { recursive: true })
    await imports()
    say(`${days} days of states…`)
    await fillPast(folder, city)
  }
  const hub = await startHub(folder, port, flags)
  try {
    await hub.strain()
    for (const [name, ask] of Object.entries(reads)) if (name.includes(values.only)) await measure(hub, name, ask)
  } finally {
    await hub.stop()
  }
  const least = await floor(folder, repeats)
  say(
    JSON.stringify({
      bench: 'api',
      ours: figures,
      peers: { 'one-statement': least },
      ratios: figures.devices_all_p50_ms
        ? { 'one-statement': { devices_all: rounded(figures.devices_all_p50_ms / least.devices_all_p50_ms, 1) } }
        : {},
    }),
  )
} finally {
  if (!values.folder) rmSync(folder, { recursive: true, force: true })
}

/** Into an empty registry, and the corrected file over it. */
async function imports(): Promise<void> {
  const hub = await startHub(folder, port, flags)
  try {
    for (const [round, name] of ['import_new', 'import_again'].entries()) {
      const file = csvOf(devices, round, dayOf(city.from))
      await hub.strain()
      const began = performance.now()
      const answer = await hub.post('/registry.csv', 'text/csv', file)
      note(name, performance.now() - began, undefined, await hub.strain())
      const { created, changed, refused } = JSON.parse(answer)
      if (created + changed.length !== devices) throw new Error(`${name}: ${JSON.stringify(refused.slice(0, 3))}`)
    }
  } finally {
    await hub.stop()
  }
}

async function measure(hub: Hub, name: string, ask: Ask): Promise<void> {
  const timed = async (i: number) => {
    const began = performance.now()
    await ask(hub, i)
    return performance.now() - began
  }
  const first = await timed(0)
  const strain = await hub.strain()
  const later: number[] = []
  for (let i = 1; i <= repeats; i++) later.push(await timed(i))
  const after = await hub.strain()
  const worst = (what: 'stopMs' | 'pieceMs') => Math.max(strain[what], after[what])
  note(name, first, later, { stopMs: worst('stopMs'), pieceMs: worst('pieceMs'), cpuMs: strain.cpuMs })
}

function note(name: string, first: number, later: number[] | undefined, { stopMs, pieceMs, cpuMs }: Strain): void {
  const sorted = later?.toSorted((a, b) => a - b)
  const entries = {
    first_ms: first,
    ...(sorted && { p50_ms: quantile(sorted, 0.5), p95_ms: quantile(sorted, 0.95) }),
    main_cpu_ms: cpuMs,
    stop_ms: stopMs,
    stop_cpu_ms: pieceMs,
  }
  for (const [what, value] of Object.entries(entries)) figures[`${name}_${what}`] = rounded(value, 1)
  const words = Object.entries(entries).map(([what, value]) => `${what} ${value.toFixed(0).padStart(6)}`)
  say(name.padEnd(26), words.join('  '))
}
