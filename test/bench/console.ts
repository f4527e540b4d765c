/**
 * The console at the size of the city, in a real Chromium at a real hub whose devices report, of which some fail and come back all the
 * while: how long a person waits for each page, and how long the page's own thread is held. Software rendering: maps are slower than on
 * a desk.
 *
 *   npm run bench -- console [--devices 20000] [--failing 1700] [--stay 10] [--only overview,devices] [--shots FOLDER]
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { sha256 } from '@hub/platform'
import { untilHealthy } from '../../infra/demo/hub-client.ts'
import { openRecord } from '../../services/hub/src/testing/record.ts'
import { browserNeeds } from '../e2e/support/browser.ts'
import { lacking } from '../support/machine.ts'
import { freePorts } from '../support/ports.ts'
import { type Figures, openScreen, seen } from './console/screen.ts'
import { camerasOf, connectField, everyMs, gatewayOf, register } from './outage-flood/field.ts'

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    devices: { type: 'string', default: '20000' },
    failing: { type: 'string', default: '1700' },
    stay: { type: 'string', default: '10' },
    only: { type: 'string', default: '' },
    shots: { type: 'string' },
  },
})
const [devices, failing, stayMs] = [Number(values.devices), Number(values.failing), Number(values.stay) * 1_000]
const missing = lacking(browserNeeds)
if (missing.length > 0) {
  console.warn(`SKIPPED: console: ${missing.map(({ what }) => what).join(', ')}`)
  process.exit(0)
}
const districts = 12
const password = 'bench-of-the-console'
const folder = mkdtempSync(join(tmpdir(), 'hub-bench-console-'))
let hub: ChildProcess | undefined
process.on('exit', () => {
  hub?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const cameras = camerasOf(devices, districts)
const [busPort, httpPort] = (await freePorts(2)) as [number, number]
const address = `http://127.0.0.1:${httpPort}`
await startHub()
await untilHealthy(address, 60)
const field = connectField(`mqtt://127.0.0.1:${busPort}`, password, cameras)
await field.look('pass', 5)
await field.look('pass', 5)
const stop = keepReporting()
const screen = await openScreen()
const { page } = screen
const ours: Record<string, number> = { devices, failing }
console.log(`${devices} cameras report, ${failing} of them fail and come back; the console is opened`)

const main = `document.querySelector('main')`
const link = (path: string) => page.locator(`nav a[href="${path}"], nav a[href^="${path}?"]`).first().click()

await page.goto(address)
await page.getByLabel('用户名').fill('admin')
await page.getByLabel('密码').fill(password)
await measure(
  'overview',
  () => page.getByRole('button', { name: '登录' }).click(),
  `!!${main}?.querySelector('.board .rate')`,
)
const mapDrawn = `!!${main}?.querySelector('.maplibregl-canvas') && /视野内 [1-9]/.test(${main}.textContent)`
await measure('map', () => link('/map'), mapDrawn)
await measure(
  'devices',
  () => link('/devices'),
  `${main}?.querySelectorAll('[role="grid"] [aria-rowindex]').length > 10`,
)
if ('devices_drawn_ms' in ours) {
  const frames = await screen.scroll('[role="grid"]')
  for (const [name, value] of Object.entries(frames)) ours[`scroll_${name}`] = value
  console.log('scroll'.padEnd(16), wordsOf(frames))
}
await measure(
  'search',
  () => page.locator('main input[type="search"]').fill('第 1999 号'),
  `/[1-9]\\d* \\/ /.test(${main}.textContent)`,
)
await measure('outages', () => link('/outages'), `${main}?.querySelectorAll('[role="grid"] [role="row"] a').length > 0`)
await measure(
  'outage',
  async () => {
    await page.locator('[role="grid"]').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
  },
  () => page.getByRole('table', { name: '成员设备' }).getByRole('row').nth(1).waitFor(),
)
await measure('reports', () => link('/reports'), `!!${main}?.querySelector('table tbody tr')`)
await measure('overview_again', () => link('/'), `!!${main}?.querySelector('.board .rate')`)

stop()
await screen.close()
hub!.kill()
await once(hub!, 'exit')
console.log(JSON.stringify({ bench: 'console', ours, peers: {}, ratios: {} }))
// A round goes on for half a minute, with nobody left to hear it.
process.exit(0)

async function measure(
  name: string,
  act: () => Promise<unknown>,
  drawn: string | (() => Promise<unknown>),
): Promise<void> {
  // The overview is what the login leads to.
  if (name !== 'overview' && values.only && !values.only.split(',').includes(name)) return
  const isDrawn = typeof drawn === 'string' ? () => seen(page, drawn) : drawn
  const figures: Figures = await screen.visit(act, isDrawn, stayMs)
  for (const [what, value] of Object.entries(figures)) ours[`${name}_${what}`] = value
  console.log(name.padEnd(16), wordsOf(figures))
  if (values.shots) await page.screenshot({ path: join(values.shots, `${name}.png`) })
}

function wordsOf(figures: Record<string, number>): string {
  return Object.entries(figures)
    .map(([what, value]) => `${what} ${String(value).padStart(6)}`)
    .join('  ')
}

/** Every camera each 30 s; those that fail do so for one round and are well for the next. Returns the stop. */
function keepReporting(): () => void {
  let over = false
  // Neighbours, so that they are one or few outages.
  const fails = new Set(
    cameras
      .filter((_, n) => n % districts === 0)
      .slice(0, failing)
      .map(({ id }) => id),
  )
  for (const camera of cameras) if (fails.size < failing) fails.add(camera.id)
  const rounds = async (round: (n: number) => Promise<void>) => {
    for (let n = 0; !over; n++) await round(n)
  }
  void rounds(() => field.look('pass', everyMs / 1_000, ({ id }) => !fails.has(id)))
  void rounds((n) => field.look(n % 2 === 0 ? 'fail' : 'pass', everyMs / 1_000, ({ id }) => fails.has(id)))
  return () => {
    over = true
  }
}

async function startHub(): Promise<void> {
  const data = join(folder, 'hub')
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
