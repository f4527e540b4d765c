/** The usual design: a heartbeat a minute for each device in a real InfluxDB 1.x, and InfluxQL's mean by district. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startInfluxd } from '../influxd.ts'
import { type City, deviceOf, mulberry32, pastOf } from './history.ts'

export type Heartbeats = {
  points: number
  writeSeconds: number
  bytes: number
  /** InfluxQL mean by district. */
  mean(from: number, to: number): Promise<Map<string, number>>
  stop(): Promise<void>
}

const minute = 60_000
const linesAWrite = 20_000
/** Snapshots and compactions come soon after the last write, so that a size can be read. */
const soonSettled = [
  'cache-snapshot-write-cold-duration = "2s"',
  'compact-full-write-cold-duration = "5s"',
  'max-concurrent-compactions = 2',
]

export async function startHeartbeats(folder: string, city: City, from: number): Promise<Heartbeats> {
  const { url, stop } = await startInfluxd(folder, soonSettled)
  const query = async (q: string) => {
    const answer = await fetch(`${url}/query?db=bench&epoch=ms`, { method: 'POST', body: new URLSearchParams({ q }) })
    return ((await answer.json()) as { results: { series?: Series[] }[] }).results[0]?.series ?? []
  }
  const started = performance.now()
  let points = 0
  for (const lines of heartbeats(city, from)) {
    points += lines.length
    const answer = await fetch(`${url}/write?db=bench&precision=ms`, { method: 'POST', body: lines.join('\n') })
    if (!answer.ok) throw new Error(`influxd: ${answer.status} ${await answer.text()}`)
  }
  const writeSeconds = (performance.now() - started) / 1_000
  await settled(folder)
  return {
    points,
    writeSeconds,
    bytes: sizeOf(join(folder, 'data')),
    async mean(from, to) {
      const series = await query(
        `SELECT mean(up) FROM heartbeat WHERE time >= ${from}ms AND time < ${to}ms GROUP BY district`,
      )
      return new Map(series.map(({ tags, values }) => [tags.district!, values[0]![1]]))
    },
    stop,
  }
}

type Series = { tags: { [name: string]: string }; values: [number, number][] }

/** A probe a minute, each a little early or late as real probes are. None while nothing is known. Minute by minute, as they come. */
function* heartbeats(city: City, from: number): Generator<string[]> {
  const random = mulberry32(5)
  const devices = Array.from({ length: city.devices }, (_, n) => {
    const { id, district } = deviceOf(n)
    return {
      name: `heartbeat,device=${id},district=${district} up=`,
      past: pastOf(city, n),
      at: 0,
      phase: random() * minute,
    }
  })
  let lines: string[] = []
  for (let tick = from; tick < city.to; tick += minute)
    for (const device of devices) {
      const at = Math.round(tick + device.phase + (random() - 0.5) * 2_000)
      while (device.past[device.at + 1] && device.past[device.at]!.to <= at) device.at++
      const { state } = device.past[device.at]!
      if (state === 'unknown') continue
      lines.push(`${device.name}${state === 'down' ? 0 : 1} ${at}`)
      if (lines.length === linesAWrite) {
        yield lines
        lines = []
      }
    }
  yield lines
}

/** The log is empty and the data stays as it is: snapshots and compactions are done. */
async function settled(folder: string): Promise<void> {
  let [was, same] = [-1, 0]
  for (let tries = 0; tries < 90 && same < 10; tries++) {
    await sleep(1_000)
    const size = sizeOf(join(folder, 'data'))
    same = size === was ? same + 1 : 0
    was = size
  }
}

/** Bytes on disk: its index files are made larger than what is in them. */
function sizeOf(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => {
      const file = statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })
      return sum + (file?.blocks ?? 0) * 512
    }, 0)
}
