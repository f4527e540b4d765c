/** CPU, memory and event loops of a city's processes over one phase. */
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuOf, cpuOfChildren, cpuOfMachine, rounded, rssOf } from '../field/proc.ts'
import type { Place } from './place.ts'

export type ProcessFigures = {
  cpu_core_pct: number | null
  rss_max_mb: number | null
  loop_p99_ms: number | null
  loop_max_ms: number | null
  /** Memory outside the heap at the end (buffers), and how much more it is than at the begin. */
  external_mb: number | null
  external_grown_mb: number | null
}

export type PhaseFigures = {
  seconds: number | null
  hub: ProcessFigures
  gateways: ProcessFigures[]
  /** Programs that decode pictures for gateways, apart from them. */
  decoders_cpu_core_pct: number | null
  sims: { cpu_core_pct: number | null; rss_max_mb: number | null }
  /** What carries the wires and measures. */
  bench_cpu_core_pct: number | null
  /** Everything else on this machine: with much of it, how late things were says little. */
  others_cpu_core_pct: number | null
}

const sampleMs = 500
/** Of a process that does not answer. */
const none: ReadonlyMap<string, number> = new Map()
const externalOf = (metrics: ReadonlyMap<string, number>) =>
  (metrics.get('nodejs_external_memory_bytes') ?? Number.NaN) / 1_000_000

type Seen = { name: string; first: number; last: number; decoders: number; decodersFirst: number; rss: number }

/** Begins a phase; the returned function ends it. Processes may come and go meanwhile. */
export async function beginPhase(place: Place): Promise<() => Promise<PhaseFigures>> {
  const seen = new Map<number, Seen>()
  const rssMax = new Map<string, number>()
  const known = new Set([...place.pids().values()].flat())
  const began = performance.now()
  const own = process.cpuUsage()
  const machine = cpuOfMachine()
  let going = true

  const sample = () => {
    for (const [name, pids] of place.pids()) {
      let rss = 0
      for (const pid of pids)
        try {
          const [cpu, decoders] = [cpuOf(pid), cpuOfChildren(pid)]
          // One that has started since: all that it used counts.
          const isNew = !known.has(pid)
          const before = seen.get(pid)
          const one = before ?? {
            name,
            first: isNew ? 0 : cpu,
            last: cpu,
            decoders,
            decodersFirst: isNew ? 0 : decoders,
            rss: 0,
          }
          seen.set(pid, Object.assign(one, { last: cpu, decoders }))
          rss += rssOf(pid)
        } catch {
          // It has just ended.
        }
      rssMax.set(name, Math.max(rssMax.get(name) ?? 0, rss))
    }
  }
  const sampling = (async () => {
    while (going) {
      sample()
      await sleep(sampleMs)
    }
  })()
  // Scraped to begin the event loops' figures anew.
  const externalBefore = new Map<string, number>()
  for (const name of place.pids().keys())
    if (name !== 'sims') externalBefore.set(name, externalOf(await place.metrics(name).catch(() => none)))

  return async () => {
    going = false
    await sampling
    sample()
    const seconds = (performance.now() - began) / 1_000
    const { user, system } = process.cpuUsage(own)
    const busy = cpuOfMachine() - machine
    const all = [...seen.values()].reduce((sum, one) => sum + one.last - one.first, 0)
    const percent = (microseconds: number) => rounded(microseconds / seconds / 10_000)
    const used = (name: string) =>
      [...seen.values()].reduce((sum, one) => sum + (one.name === name ? one.last - one.first : 0), 0)
    const decoding = [...seen.values()].reduce((sum, one) => sum + one.decoders - one.decodersFirst, 0)
    const basic = (name: string) => ({
      cpu_core_pct: percent(used(name)),
      rss_max_mb: rounded(rssMax.get(name), 0),
    })
    const figures = async (name: string): Promise<ProcessFigures> => {
      const metrics = await place.metrics(name).catch(() => none)
      const ms = (of: 'p99' | 'max') =>
        rounded((metrics.get(`nodejs_eventloop_lag_${of}_seconds`) ?? Number.NaN) * 1_000)
      const external = externalOf(metrics)
      const external_grown_mb = rounded(external - (externalBefore.get(name) ?? Number.NaN))
      return {
        ...basic(name),
        loop_p99_ms: ms('p99'),
        loop_max_ms: ms('max'),
        external_mb: rounded(external),
        external_grown_mb,
      }
    }
    return {
      seconds: rounded(seconds),
      hub: await figures('hub'),
      gateways: await Promise.all(place.uplinks.map((_, n) => figures(`gateway-${n + 1}`))),
      decoders_cpu_core_pct: percent(decoding),
      sims: basic('sims'),
      bench_cpu_core_pct: percent(user + system),
      others_cpu_core_pct: percent(Math.max(0, busy - all - decoding - user - system)),
    }
  }
}
