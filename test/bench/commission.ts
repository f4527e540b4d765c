/**
 * `npm run bench -- commission [cameras] [message]`: what finding and identifying a rollout costs the centre, over the room's real
 * functions and a Record on disk. Two gateways tell what they found in messages of so many (1,000), everything is approved by itself, each
 * camera is identified. Both hear every camera, as on one machine: what is not in a gateway's districts goes on waiting there. CPU of
 * this process, and how long its event loop was held.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { type DeviceIdentity, type FoundDevice, topic } from '@hub/contracts'
import { type GatewaysConfig, gatewaysModule } from '@hub/gateways'
import { createSystemClock, type Module, runModules, sha256 } from '@hub/platform'
import type { HubConfig } from '../../services/hub/src/config.ts'
import { wireTestDeps } from '../../services/hub/src/testing/deps.ts'
import { createFakeBus } from '../../services/hub/src/testing/fake-bus.ts'
import { openRecord } from '../../services/hub/src/testing/record.ts'

const cameras = Number(process.argv[2] ?? 20_000)
const gateways = [
  { id: '43040500002000000001', name: '东', districts: ['430405', '430406'] },
  { id: '43042100002000000002', name: '西', districts: ['430421', '430422'] },
] as const
const perMessage = Number(process.argv[3] ?? 1_000)

const gatewayOf = (n: number) => gateways[n % 2]!
const idOf = (n: number) => `${gatewayOf(n).districts[0]}00001320${String(n).padStart(6, '0')}`
const addressOf = (n: number) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`
const foundOf = (n: number, seenAt: number): FoundDevice => ({
  endpoint: `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  address: addressOf(n),
  xaddrs: [`http://${addressOf(n)}:8000/onvif/device_service`],
  name: `解放路 ${n}`,
  hardware: 'SIM-4',
  location: 'hengyang',
  project: 'sims',
  quarantine: 'new',
  seenAt,
})
const identityOf = (n: number, at: number): DeviceIdentity => ({
  device: idOf(n),
  at,
  manufacturer: 'Hengyang Sims',
  model: 'SIM-4',
  firmware: '1.0.3',
  serial: `S${n}`,
  profile: 'main',
  codec: 'H264',
  width: 1920,
  height: 1080,
  fps: 25,
  streamUri: `rtsp://${addressOf(n)}:8554/main`,
  ptz: true,
})

const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'))
const path = join(folder, 'record.db')
const record = await openRecord(path)
const put = record.sqlite.prepare(
  `INSERT INTO device (id, district, kind, application, carrier, point_type, stage, name, address, ip_address, record, updated_at)
   VALUES (?, ?, 'camera', 'safe-city', 'telecom', '1', 'in-service', ?, '', ?, ?, 0)`,
)
const enter = (n: number) => {
  const name = `解放路 ${n}`
  const fields = { ipAddress: addressOf(n), name }
  put.run(idOf(n), gatewayOf(n).districts[0], name, addressOf(n), JSON.stringify(fields))
}
await record.commit(() => {
  for (let n = 0; n < cameras; n++) enter(n)
})
const transport = createFakeBus()
const wired = wireTestDeps({
  record,
  transport,
  clock: createSystemClock(),
  config: {
    gateways: gateways.map((each) => ({ ...each, passwordHash: sha256(each.id) })),
    demo: { approveProject: 'sims', credential: 'sims' },
  },
})
await wired.start()
const running = await runModules([gatewaysModule as Module<GatewaysConfig> as Module<HubConfig>], wired.deps)
await wired.settle()
await quiet()

const at = Date.now()
const numbers = Array.from({ length: cameras }, (_, n) => n)
const messagesOf = (
  of: (n: number) => { found?: FoundDevice; identified?: DeviceIdentity },
  { which = numbers, everywhere = true } = {},
) =>
  gateways.flatMap(({ id }) => {
    const own = which.filter((n) => everywhere || gatewayOf(n).id === id).map(of)
    const messages: { topic: string; payload: string }[] = []
    for (let i = 0; i < own.length; i += perMessage) {
      const some = own.slice(i, i + perMessage)
      const found = some.flatMap((each) => each.found ?? [])
      const identified = some.flatMap((each) => each.identified ?? [])
      messages.push({
        topic: topic('inventory', { gateway: id }),
        payload: JSON.stringify({ v: 1, gateway: id, at, found, identified }),
      })
    }
    return messages
  })
const approved = () => (record.sqlite.prepare('SELECT count(*) AS n FROM device_binding').get() as { n: number }).n
const identified = () =>
  (record.sqlite.prepare('SELECT count(*) AS n FROM device_binding WHERE identity IS NOT NULL').get() as { n: number })
    .n

const figures = {
  cameras,
  found_approved: await measured(
    messagesOf((n) => ({ found: foundOf(n, at) })),
    () => approved() === cameras,
  ),
  identified: await measured(
    messagesOf((n) => ({ identified: identityOf(n, at) }), { everywhere: false }),
    () => identified() === cameras,
  ),
  repeated: await measured([
    ...messagesOf((n) => ({ found: foundOf(n, at + 1) })),
    ...messagesOf((n) => ({ identified: identityOf(n, at) }), { everywhere: false }),
  ]),
  seen_again: await measured(messagesOf((n) => ({ found: foundOf(n, at + 600_000) }))),
  one_more_ms: await oneMore(),
}
console.log(`${(statSync(path).size / 1e6).toFixed(0)} MB on disk, ${identified()} identified`)
console.log(JSON.stringify(figures))
await running.stop()
await wired.stop()
await record.close()
rmSync(folder, { recursive: true, force: true })

/** One more found camera with a record of its own, ten times: CPU of each, milliseconds. */
async function oneMore(): Promise<number> {
  const times: number[] = []
  for (let n = cameras; n < cameras + 10; n++) {
    await record.commit(() => enter(n))
    await quiet()
    const [message] = messagesOf((each) => ({ found: foundOf(each, at) }), { which: [n], everywhere: false })
    const cpu = process.cpuUsage()
    await transport.publish(message!.topic, message!.payload)
    const { user, system } = process.cpuUsage(cpu)
    times.push((user + system) / 1_000)
    await until(() => approved() === n + 1)
    await quiet()
  }
  return rounded(times.sort((a, b) => a - b)[5]!)
}

async function measured(messages: { topic: string; payload: string }[], done: () => boolean = () => true) {
  await quiet()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const held = watchHold()
  await sleep(5)
  const [began, cpu] = [performance.now(), process.cpuUsage()]
  for (const message of messages) {
    await transport.publish(message.topic, message.payload)
    await setImmediate()
  }
  await until(done)
  await quiet()
  const { user, system } = process.cpuUsage(cpu)
  delay.disable()
  transport.published.length = 0
  return {
    s: rounded((performance.now() - began) / 1_000),
    cpu_s: rounded((user + system) / 1e6),
    cpu_ms_each: rounded((user + system) / 1e3 / cameras),
    loop_max_ms: rounded(delay.max / 1e6),
    loop_held_cpu_ms: held(),
  }
}

/** The most CPU of this thread between two turns of the event loop: what `loop_max_ms` is on a machine that nobody else uses. */
function watchHold(): () => number {
  let most = 0
  let before = process.threadCpuUsage()
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before)
    most = Math.max(most, user + system)
    before = process.threadCpuUsage()
  }, 1)
  return () => {
    clearInterval(timer)
    return rounded(most / 1_000)
  }
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await sleep(20)
}
/** What follows a commit through the outbox has come to its end. */
async function quiet(): Promise<void> {
  for (let still = 0; still < 5; ) {
    const before = process.cpuUsage()
    await sleep(20)
    const { user } = process.cpuUsage(before)
    still = user < 4_000 ? still + 1 : 0
  }
}
function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
