/** Learns by npm `onvif` what each camera is, 16 at a time: capabilities, profiles, stream address (its `connect`), device information. */
import { createRequire } from 'node:module'

type Done = (error: unknown) => void
type Cam = {
  connect(done: Done): void
  getDeviceInformation(done: Done): void
  getStreamUri(options: object, done: Done): void
}
const { Cam } = createRequire(import.meta.url)('onvif') as { Cam: new (options: object) => Cam }
const inFlight = 16

export type LearnOrder = { xaddrs: string[]; user: string; password: string }
export type LearnReport = { learned: number; failed: number; microseconds: number }

const promised = (ask: (done: Done) => void) =>
  new Promise<void>((resolve, reject) => ask((error) => (error ? reject(error) : resolve())))

process.on('message', async ({ xaddrs, user, password }: LearnOrder) => {
  const learn = async (xaddr: string) => {
    const { hostname, port, pathname } = new URL(xaddr)
    const options = { hostname, port: Number(port), path: pathname, username: user, password, timeout: 5_000 }
    const cam = new Cam({ ...options, autoconnect: false })
    await promised((done) => cam.connect(done))
    await promised((done) => cam.getDeviceInformation(done))
    await promised((done) => cam.getStreamUri({ protocol: 'RTSP' }, done))
  }
  let [learned, failed] = [0, 0]
  const waiting = [...xaddrs]
  const before = process.cpuUsage()
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let xaddr = waiting.pop(); xaddr; xaddr = waiting.pop())
        await learn(xaddr).then(
          () => learned++,
          () => failed++,
        )
    }),
  )
  const { user: inUser, system } = process.cpuUsage(before)
  process.send?.({ learned, failed, microseconds: (inUser + system) / Math.max(1, learned) } satisfies LearnReport)
})
process.send?.('ready')
