/**
 * WS-Discovery of a fleet too large for one process: a UDP socket a camera is one descriptor a camera, and a process may hold some
 * 20,000. The cameras beyond the first thousands are answered for by child processes, which are told who lost power.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Clock } from '../clock.ts'
import type { FleetCamera } from '../fleet/types.ts'
import type { Camera, Ports } from './camera.ts'
import { type Discovery, serveDiscovery } from './discovery.ts'

/** Where no limit is known. */
const usualDescriptors = 20_000

/**
 * Cameras answered for by the process that also holds their TCP connections (`here`), and by each child.
 * @param descriptors files that a process may have open
 */
export const discoveryShares = (descriptors: number): { here: number; perChild: number } => ({
  here: Math.min(6_000, Math.floor(descriptors * 0.3)),
  // Room for a child's own files.
  perChild: Math.min(18_000, Math.floor(descriptors * 0.9)),
})

/** The hard limit, which Node takes for itself at its start (proc(5) limits). */
function openFileLimit(): number {
  try {
    const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    return Number(hard ?? usualDescriptors)
  } catch {
    return usualDescriptors
  }
}

export type ChildOrder =
  | { what: 'serve'; cameras: FleetCamera[]; ports: Ports; multicast: boolean }
  | { what: 'state'; n: number; powered: boolean; connected: boolean }
  | { what: 'hello' | 'bye'; n: number }
  | { what: 'close' }
export type ChildReply = { what: 'serving' } | { what: 'failed'; message: string }

export async function serveSplitDiscovery(
  cameras: readonly Camera[],
  port: number,
  ports: () => Ports,
  clock: Clock,
  multicast: boolean,
): Promise<Discovery> {
  const { here, perChild } = discoveryShares(openFileLimit())
  const own = await serveDiscovery(cameras.slice(0, here), port, ports, clock, multicast)
  const children: ChildProcess[] = []
  const placeOf = new Map<Camera, { child: ChildProcess; n: number }>()
  const close = async (): Promise<void> => {
    await Promise.all([own.close(), ...children.map(stop)])
  }
  try {
    for (let from = here; from < cameras.length; from += perChild) {
      const share = cameras.slice(from, from + perChild)
      const child = await start(share, { ...ports(), discovery: own.port }, own.multicast)
      children.push(child)
      for (const [n, camera] of share.entries()) placeOf.set(camera, { child, n })
    }
  } catch (error) {
    await close()
    throw error
  }
  const tell = (camera: Camera, order: (n: number) => ChildOrder): boolean => {
    const place = placeOf.get(camera)
    if (place?.child.connected) place.child.send(order(place.n))
    return place !== undefined
  }

  return {
    port: own.port,
    multicast: own.multicast,
    hello(camera) {
      if (!tell(camera, (n) => ({ what: 'hello', n }))) own.hello(camera)
    },
    bye(camera) {
      if (!tell(camera, (n) => ({ what: 'bye', n }))) own.bye(camera)
    },
    changed: (camera) => {
      const { powered, connected } = camera
      tell(camera, (n) => ({ what: 'state', n, powered, connected }))
    },
    trade: own.trade,
    close,
  }
}

function start(share: readonly Camera[], ports: Ports, multicast: boolean): Promise<ChildProcess> {
  const child = fork(new URL('../main.ts', import.meta.url), ['answer-probes'], {
    execArgv: [],
    serialization: 'advanced',
  })
  return new Promise((resolve, reject) => {
    // An order to a child that has just ended is an error of its channel (EPIPE); that it ended is told by 'exit'.
    child.on('error', reject)
    child.once('message', (reply: ChildReply) => {
      if (reply.what === 'serving') resolve(child)
      else reject(new Error(reply.message))
    })
    child.once('exit', (code) => reject(new Error(`the process that answers probes ended with ${code}`)))
    child.send({ what: 'serve', cameras: share.map((c) => c.spec), ports, multicast } satisfies ChildOrder)
  })
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.send({ what: 'close' } satisfies ChildOrder)
  })
}
