/**
 * How long it takes to find cameras address by address and to learn what each is (device information, profiles, stream
 * address), at three sizes. Every camera is approved as it is found. And the same by npm `onvif`, as many as it manages.
 *
 *   npm run bench -- discover [--sizes 2000,10000,20000]
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { AssignedCamera, DeviceIdentity } from '@hub/contracts'
import { until } from '../e2e/support/until.ts'
import type { LearnOrder, LearnReport } from './discover/learner.ts'
import { cpuOf, rounded, rssOf } from './field/proc.ts'
import { type Scene, startScene } from './field/scene.ts'

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { sizes: { type: 'string', default: '2000,10000,20000' } },
})
/** Half of what the configuration allows. */
const packetsPerSecond = 2_000
const approveEveryMs = 2_000
const limitSeconds = 300

const results = []
let peer: Awaited<ReturnType<typeof compare>> | undefined
for (const size of values.sizes.split(',').map(Number)) {
  const scene = await startScene({ cameras: size })
  const ours = await discover(scene, size)
  results.push(ours)
  console.log(
    `${size} addresses: all found after ${ours.foundSeconds} s and identified after ${ours.identifiedSeconds} s; ` +
      `${ours.cpuMicrosecondsEach} µs of CPU and ${ours.kbEach} kB each`,
  )
  peer ??= await compare(scene, ours.cpuMicrosecondsEach)
  await scene.stop()
}
const bySize = results.flatMap(({ cameras, ...of }) => [
  [`found_${cameras}_s`, of.foundSeconds],
  [`identified_${cameras}_s`, of.identifiedSeconds],
  [`cpu_${cameras}_us_each`, of.cpuMicrosecondsEach],
  [`rss_${cameras}_kb_each`, of.kbEach],
])
const [{ cpuMicrosecondsEach }] = results as [(typeof results)[number]]
console.log(
  JSON.stringify({
    bench: 'discover',
    ours: { packets_per_s: packetsPerSecond, ...Object.fromEntries(bySize) },
    peers: { onvif: peer },
    ratios: { onvif: rounded(peer!.cpu_us_each! / cpuMicrosecondsEach!, 2) },
  }),
)

/** From the moment at which the gateway has begun to sweep. */
async function discover(scene: Scene, size: number) {
  const { centre, fleet } = scene
  const idOf = new Map(fleet.cameras.map(({ endpoint, id }) => [endpoint, id]))
  const found = new Map<string, AssignedCamera>()
  const identified = new Map<string, DeviceIdentity>()
  let changed = false
  centre.onFound = ({ endpoint, xaddrs: [xaddr], quarantine }) => {
    const id = idOf.get(endpoint)
    if (!id || !xaddr || quarantine !== 'new' || found.has(id)) return
    found.set(id, { kind: 'camera', id, xaddr, endpoint, credential: 'sims', every: 30_000 })
    changed = true
  }
  centre.onIdentified = (identity) => identified.set(identity.device, identity)
  const began = performance.now()
  const since = () => (performance.now() - began) / 1_000
  const gateway = await scene.startGateway({
    discovery: { ranges: ranges(fleet.cameras.map((c) => c.ipAddress)), packetsPerSecond },
  })
  const approving = setInterval(() => {
    if (changed) void centre.assign([...found.values()])
    changed = false
  }, approveEveryMs)
  const rss = rssOf(gateway)
  const cpu = cpuOf(gateway)
  await until(() => found.size === size, limitSeconds, `${size} are found`, 50)
  const foundSeconds = since()
  await until(() => identified.size === size, limitSeconds, `${size} are identified`, 50)
  const identifiedSeconds = since()
  clearInterval(approving)
  const used = cpuOf(gateway) - cpu
  const whole = [...identified.values()].filter((one) => one.model && one.serial && one.width && one.streamUri)
  if (whole.length < size) throw new Error(`${size - whole.length} identities lack a part`)
  return {
    cameras: size,
    foundSeconds: rounded(foundSeconds),
    identifiedSeconds: rounded(identifiedSeconds),
    cpuMicrosecondsEach: rounded(used / size),
    kbEach: rounded(((rssOf(gateway) - rss) * 1_000) / size),
  }
}

/** The smallest blocks of 256 addresses that hold all cameras. */
function ranges(addresses: readonly string[]): string[] {
  return [...new Set(addresses.map((address) => `${address.slice(0, address.lastIndexOf('.'))}.0/24`))]
}

/** The same questions by npm `onvif`, whose `connect` asks them. */
async function compare(scene: Scene, ours: number | null) {
  await sleep(1_000)
  const child = fork(new URL('./discover/learner.ts', import.meta.url))
  await once(child, 'message')
  const xaddrs = scene.fleet.cameras.slice(0, 1_000).map(({ ipAddress }) => scene.xaddrOf(ipAddress))
  child.send({ xaddrs, ...scene.fleet.login } satisfies LearnOrder)
  const [{ learned, failed, microseconds }] = (await once(child, 'message')) as [LearnReport]
  child.kill()
  if (learned === 0) throw new Error(`onvif learned nothing: ${failed} failed`)
  console.log(
    `npm onvif: ${microseconds.toFixed(0)} µs of CPU to learn the same of a camera that is known, ${(microseconds / (ours ?? Number.NaN)).toFixed(1)} × ours with the search`,
  )
  return { learned, failed, cpu_us_each: rounded(microseconds) }
}
