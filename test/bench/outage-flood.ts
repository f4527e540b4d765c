/**
 * Twenty thousand cameras go down within seconds, in a real hub with a real Chromium at its board: how long after the outage is in the
 * Record it is on the screen, whole, and can be opened with the keyboard; and how the board does for somebody who comes only then.
 *
 *   npm run bench -- outage-flood [--cameras 20000] [--districts 12] [--seconds 30]
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { sha256 } from '@hub/platform'
import { logIn, untilHealthy } from '../../infra/demo/hub-client.ts'
import { openRecord } from '../../services/hub/src/testing/record.ts'
import { browserNeeds } from '../e2e/support/browser.ts'
import { until } from '../e2e/support/until.ts'
import { lacking } from '../support/machine.ts'
import { freePorts } from '../support/ports.ts'
import { rounded, rssOf } from './field/proc.ts'
import { camerasOf, connectField, everyMs, gatewayOf, register } from './outage-flood/field.ts'
import { openBoard } from './outage-flood/screen.ts'

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    cameras: { type: 'string', default: '20000' },
    districts: { type: 'string', default: '12' },
    seconds: { type: 'string', default: '30' },
  },
})
const [count, districts, seconds] = [Number(values.cameras), Number(values.districts), Number(values.seconds)]
const missing = lacking(browserNeeds)
if (missing.length > 0) {
  console.warn(`SKIPPED: outage-flood: ${missing.map(({ what }) => what).join(', ')}`)
  process.exit(0)
}
const password = 'bench-of-outages'
const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'))
const data = join(folder, 'hub')
let hub: ChildProcess | undefined
process.on('exit', () => {
  hub?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const cameras = camerasOf(count, districts)
const [busPort, httpPort] = (await freePorts(2)) as [number, number]
await startHub()
const address = `http://127.0.0.1:${httpPort}`
await untilHealthy(address, 60)
const { cookie } = await logIn(address, 'admin', password)
const field = connectField(`mqtt://127.0.0.1:${busPort}`, password, cameras)
const record = new DatabaseSync(join(data, 'record.db'), { readOnly: true, timeout: 5_000 })
const inState = record.prepare('SELECT count(*) AS n FROM device_state WHERE state = ?')
const countIn = (state: string) => (inState.get(state) as { n: number }).n
const outages = record.prepare("SELECT count(*) AS n, sum(down) AS down FROM outage WHERE status = 'open'")
const present = () => outages.get() as { n: number; down: number | null }

await field.look('pass', 5)
await until(() => countIn('up') === count, 120, 'all are up', 200)
const screen = await openBoard(address, cookie)
console.log(`${count.toLocaleString('en')} cameras are up; the board is open; all of them fail within ${seconds} s`)
const before = rssOf(hub!.pid!)
let [opened, whole] = [0, 0]
const watching = setInterval(() => {
  const { n, down } = present()
  if (n > 0) opened ||= Date.now()
  if (down === count) whole ||= Date.now()
}, 20)
// What is up when its look comes late would be unknown: the flood follows the round without a pause.
const failing = field.look('fail', seconds)
await until(() => whole > 0, seconds + 180, 'all are in the Record as down', 20)
clearInterval(watching)
const first = await screen.firstRow()
const all = await screen.whole(count)
const openedMs = await screen.openWithKeyboard()
await failing
const late = await screen.anew()
const after = rssOf(hub!.pid!)
const { n } = present()
const s = (ms: number) => rounded(ms / 1_000, 2)
const ours = {
  cameras: count,
  districts,
  within_s: seconds,
  outages: n,
  /** After the first outage was in the Record. */
  first_row_s: s(first - opened),
  /** After the last device was. */
  whole_s: s(all - whole),
  open_by_keyboard_s: s(openedMs),
  board_anew_s: s(late.board),
  page_by_keyboard_anew_s: s(late.page),
  hub_rss_before_mb: rounded(before, 0),
  hub_rss_mb: rounded(after, 0),
}
console.log(
  `${n} outages; the first on the screen ${ours.first_row_s} s after it was in the Record, all ${count} counted ${ours.whole_s} s after; ` +
    `opened with the keyboard in ${ours.open_by_keyboard_s} s; a board opened anew usable in ${ours.board_anew_s} s`,
)
record.close()
await screen.close()
await field.close()
hub!.kill()
await once(hub!, 'exit')
console.log(JSON.stringify({ bench: 'outage-flood', ours, peers: {}, ratios: {} }))

async function startHub(): Promise<void> {
  mkdirSync(data)
  const made = await openRecord(join(data, 'record.db'))
  await made.commit(() => register(made, cameras, Date.now() - 86_400_000))
  await made.close()
  const config = {
    data,
    http: { host: '127.0.0.1', port: httpPort },
    bus: { mode: 'embedded', host: '127.0.0.1', port: busPort },
    gateways: Array.from({ length: districts }, (_, n) => ({
      id: gatewayOf(n),
      name: `gateway ${n}`,
      districts: [gatewayOf(n).slice(0, 6)],
      passwordHash: sha256(password),
    })),
    policy: { startupGraceSeconds: 1, probeEverySeconds: everyMs / 1_000 },
    log: { level: 'warn' },
  }
  // JSON is YAML.
  writeFileSync(join(folder, 'hub.yaml'), JSON.stringify(config))
  hub = fork(resolve(import.meta.dirname, '../../services/hub/src/main.ts'), ['--config', join(folder, 'hub.yaml')], {
    env: { ...process.env, HUB_ADMIN_PASSWORD: password },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  hub.stdout!.pipe(createWriteStream(join(folder, 'hub.log')))
}
