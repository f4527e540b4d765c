/**
 * From the moment that a pole loses power, or a switch its line, to its outage on the screen: a city of real processes (hub, gateways,
 * simulators) of the demo's size and pace, its board open in a real Chromium. Apart from it, the parts: until the first look that fails,
 * until the outage in the Record. Beside it, on the same city, the usual way: a list of devices that is asked for every half minute.
 *
 *   npm run bench -- outage-delay [--cameras 600] [--sensors 120] [--every 10] [--cuts 40] [--gap 4.37]
 *
 * The city searches and looks at the demo's pace: at the pace of the tests, whose search never rests, two cores are full, gateways fall
 * silent, and it is their outage that is measured. What came before a cut is never counted for it, and how busy the machine was is told.
 */
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startCity } from '../e2e/support/city.ts'
import { percentile, rounded } from './field/proc.ts'
import { type Cut, chooseCuts } from './outage-delay/cuts.ts'
import { openBoard } from './outage-delay/screen.ts'

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    cameras: { type: 'string', default: '600' },
    sensors: { type: 'string', default: '120' },
    every: { type: 'string', default: '10' },
    cuts: { type: 'string', default: '40' },
    gap: { type: 'string', default: '4.37' },
  },
})
const [cameras, sensors, every] = [Number(values.cameras), Number(values.sensors), Number(values.every)]
/** Between two cuts: no part of the period, so that they come at every phase of it. How long the last one is waited for. */
const [pauseMs, patienceMs] = [Number(values.gap) * 1_000, (3 * every + 30) * 1_000]
/** A look that began before the cut may fail by it; its time is that of its beginning. */
const probeTimeoutMs = 3_000
const pollMs = 30_000

/** One cut: when it was, and what came of it when. UTC ms. `ids`: outages that began with it; another may have taken its devices in. */
type Seen = { cut: Cut; at: number; look?: number; record?: number; polled?: number; said: string; ids: Set<string> }
type Member = { device: string; from: number; id: string; began: number; kind: string; key: string; members: number }

const pace = { probeEverySeconds: every, probeTimeoutMs, discoverEverySeconds: 30, searched: 24 }
const city = await startCity({ bus: 'embedded', cameras, sensors, ...pace })
const lag = monitorEventLoopDelay({ resolution: 10 })
let screen: Awaited<ReturnType<typeof openBoard>>
try {
  await city.allUp(300)
  screen = await openBoard(city.address, city.hub.cookie)
  const record = new DatabaseSync(join(city.data, 'record.db'), { readOnly: true, timeout: 5_000 })
  const version = record.prepare('PRAGMA data_version')
  const failed = record.prepare("SELECT device, since FROM device_state WHERE state = 'down'")
  const members = record.prepare(
    'SELECT m.device, m.from_at AS "from", o.id, o.from_at AS began, o.cause_kind AS kind, o.cause_key AS key, o.members FROM outage_member m JOIN outage o ON o.id = m.outage',
  )
  const all: Seen[] = []
  const cutOf = new Map<string, Seen>()
  const isSince = (at: number, seen: Seen | undefined) => seen !== undefined && at >= seen.at - probeTimeoutMs
  let read: unknown
  const watch = () => {
    const { data_version } = version.get() as { data_version: number }
    if (data_version === read) return
    read = data_version
    for (const { device, since } of failed.all() as { device: string; since: number }[]) {
      const seen = cutOf.get(device)
      if (seen && isSince(since, seen)) seen.look = Math.min(seen.look ?? since, since)
    }
    const rows = (members.all() as Member[]).filter(({ device, from }) => isSince(from, cutOf.get(device)))
    for (const [seen, own] of Map.groupBy(rows, ({ device }) => cutOf.get(device)!)) {
      for (const { id, began } of own) if (isSince(began, seen)) seen.ids.add(id)
      if (seen.ids.size > 0) seen.record ??= Date.now()
      seen.said = [...new Set(own.map(({ kind, key, members }) => `${kind} ${key}: ${members}`))].join(', ')
    }
  }
  const poll = async () => {
    const down = new Set((await city.devices('?state=down')).map(({ id }) => id))
    for (const seen of all) if (seen.cut.devices.some((id) => down.has(id))) seen.polled ??= Date.now()
  }
  const [watching, polling] = [setInterval(watch, 50), setInterval(() => void poll(), pollMs)]
  lag.enable()

  for (const cut of chooseCuts(record, Number(values.cuts))) {
    const seen: Seen = { cut, at: Date.now(), said: 'nothing', ids: new Set() }
    for (const id of cut.devices) cutOf.set(id, seen)
    all.push(seen)
    await city.sims.begin(cut.kind === 'pole' ? 'power-off' : 'network-cut', { [cut.kind]: cut.key })
    await sleep(pauseMs)
  }
  await sleep(Math.max(patienceMs, pollMs))
  for (const timer of [watching, polling]) clearInterval(timer)
  lag.disable()
  record.close()

  const drawn = (await screen?.drawn()) ?? new Map<string, number>()
  const onScreen = ({ ids, at }: Seen): number | undefined =>
    [...ids]
      .flatMap((id) => drawn.get(id) ?? [])
      .filter((when) => when >= at)
      .sort((a, b) => a - b)[0]
  const since = (end: (seen: Seen) => number | undefined, begin = (seen: Seen): number | undefined => seen.at) =>
    all.flatMap((seen) => {
      const [from, to] = [begin(seen), end(seen)]
      return from === undefined || to === undefined ? [] : [to - from]
    })
  const shown = since(onScreen)
  const whole = all.filter(({ cut, said }) => said === expected(cut)).length
  for (const { cut, said } of all) if (said !== expected(cut)) console.log(`  cut ${expected(cut)}; said ${said}`)
  console.log(
    `${all.length} cuts (poles and switches), ${shown.length} seen on the screen, ${whole} named whole and as what was cut; page loaded ${screen?.loads() ?? 0} time(s)`,
  )
  const busy = { load_1min: rounded(loadavg()[0]), watcher_late_max_ms: rounded(lag.max / 1e6, 0) }
  console.log(
    `load of the machine ${busy.load_1min}; the watcher of the Record was ${busy.watcher_late_max_ms} ms late at most`,
  )
  const parts = {
    screen: figures(shown),
    first_failing_look: figures(since(({ look }) => look)),
    record: figures(since(({ record }) => record)),
    look_to_record: figures(
      since(
        ({ record }) => record,
        ({ look }) => look,
      ),
    ),
    record_to_screen: figures(since(onScreen, ({ record }) => record)),
  }
  const polled = figures(since(({ polled }) => polled))
  for (const [name, { p50_s, p95_s, p99_s }] of Object.entries({ ...parts, polled_list: polled }))
    console.log(`${name.padEnd(20)} p50 ${p50_s} s  p95 ${p95_s} s  p99 ${p99_s} s`)
  const ours = { ...parts.screen, ...parts }
  console.log(
    JSON.stringify({
      bench: 'outage-delay',
      ours: {
        cameras,
        sensors,
        period_s: every,
        cuts: all.length,
        seen: shown.length,
        named_whole: whole,
        ...busy,
        ...ours,
      },
      peers: { 'device-list-polled-30s': polled },
      ratios: { 'device-list-polled-30s': rounded((polled.p95_s ?? 0) / (ours.p95_s ?? 1), 2) },
    }),
  )
} finally {
  await screen?.close()
  await city.stop()
}

/** A pole with one device on it is that device to whoever looks from outside. */
function expected({ kind, key, devices }: Cut): string {
  return devices.length === 1 ? `device ${devices[0]}: 1` : `${kind} ${key}: ${devices.length}`
}

function figures(list: readonly number[]) {
  const seconds = (n: number) => rounded((percentile(list, n) ?? Number.NaN) / 1_000, 2)
  return { p50_s: seconds(50), p95_s: seconds(95), p99_s: seconds(99) }
}
