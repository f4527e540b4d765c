/** The usual way: a loop over a library. Polls the clocks of the cameras it is told, 64 at a time, and tells its CPU microseconds for each. */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const inFlight = 64

type Poll = () => Promise<unknown>
const libraries: Record<string, (xaddr: string) => Poll> = {
  'node-onvif'(xaddr) {
    const Device = require('node-onvif/lib/modules/service-device.js') as new (
      params: object,
    ) => { getSystemDateAndTime(): Promise<unknown> }
    const device = new Device({ xaddr })
    return () => device.getSystemDateAndTime()
  },
  onvif(xaddr) {
    const { Cam } = require('onvif') as {
      Cam: new (options: object) => { getSystemDateAndTime(done: (error: unknown) => void): void }
    }
    const { hostname, port, pathname } = new URL(xaddr)
    const cam = new Cam({ hostname, port: Number(port), path: pathname, timeout: 5_000, autoconnect: false })
    return () =>
      new Promise<void>((resolve, reject) => cam.getSystemDateAndTime((error) => (error ? reject(error) : resolve())))
  },
}

export type PollOrder = { library: string; xaddrs: string[]; seconds: number }
export type PollReport = { polls: number; failed: number; microseconds: number }

process.on('message', async ({ library, xaddrs, seconds }: PollOrder) => {
  const polls = xaddrs.map(libraries[library]!)
  let next = 0
  let done = 0
  let failed = 0
  const loop = async (until: number) => {
    while (performance.now() < until) {
      await polls[next++ % polls.length]!().catch(() => failed++)
      done++
    }
  }
  const all = (ms: number) => Promise.all(Array.from({ length: inFlight }, () => loop(performance.now() + ms)))
  await all(1_000)
  done = 0
  failed = 0
  const before = process.cpuUsage()
  await all(seconds * 1_000)
  const { user, system } = process.cpuUsage(before)
  process.send?.({ polls: done, failed, microseconds: (user + system) / done } satisfies PollReport)
})
process.send?.('ready')
