import { createSocket } from 'node:dgram'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { generateFleet } from '../fleet/generate.ts'
import { type RunningFleet, startFleet } from '../start.ts'
import { ns } from './namespaces.ts'

/** More than one process answers for. */
const fleet = generateFleet({ seed: 41, cameras: 6_050, sensors: 0 })
const [first, last] = [fleet.cameras[0]!, fleet.cameras.at(-1)!]
const probe = `<e:Envelope xmlns:e="${ns.soap}" xmlns:w="${ns.addressing}" xmlns:d="${ns.discovery}"><e:Header><w:MessageID>uuid:1</w:MessageID></e:Header><e:Body><d:Probe/></e:Body></e:Envelope>`
let running: RunningFleet
beforeAll(async () => {
  running = await startFleet({ fleet, ports: { http: 0, rtsp: 0, discovery: 0 }, multicast: false })
})
afterAll(() => running.stop())

/** Which of the first and the last camera answer, each named with the port that its address is at. */
async function probed(): Promise<string[]> {
  const socket = createSocket('udp4')
  const heard: string[] = []
  socket.on('message', (text) => heard.push(/<d:XAddrs>([^<]+)</.exec(text.toString())![1]!))
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  for (const { ipAddress } of [first, last]) socket.send(probe, running.ports.discovery, ipAddress)
  // What is silent is waited for no longer than this.
  for (let n = 0; n < 40 && heard.length < 2; n++) await sleep(25)
  socket.close()
  return heard.sort()
}
const xaddr = (ipAddress: string) => `http://${ipAddress}:${running.ports.http}/onvif/device_service`

it('a fleet beyond one process answers as one, and the child hears of faults', async () => {
  const both = [xaddr(first.ipAddress), xaddr(last.ipAddress)].sort()
  expect(await probed()).toEqual(both)
  running.faults.begin({ match: { id: last.id }, fault: 'power-off' })
  expect(await probed()).toEqual([xaddr(first.ipAddress)])
  running.faults.end({ id: last.id })
  running.faults.begin({ match: { id: last.id }, fault: 'network-cut' })
  expect(await probed()).toEqual([xaddr(first.ipAddress)])
  running.faults.end({})
  expect(await probed()).toEqual(both)
})

it('a child that has just ended is no uncaught error of the order that comes after', async () => {
  const [child] = children('answer-probes')
  process.kill(child!, 'SIGKILL')
  // The channel does not know yet.
  running.faults.begin({ match: { id: last.id }, fault: 'power-off' })
  running.faults.end({})
  await expect.poll(() => children('answer-probes')).toEqual([])
  running.faults.begin({ match: { id: last.id }, fault: 'power-off' })
  expect(await probed()).toEqual([xaddr(first.ipAddress)])
})

/** Processes that this one has started with such an argument and that run. */
function children(argument: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const parent = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
        return parent === String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(argument)
      } catch {
        return false // it has ended meanwhile
      }
    })
    .map(Number)
}
