import type { Meters } from '../meters.ts'
import type { ProberStats } from './prober.ts'

export function fillProbeMetrics({ gauge, counter, counters }: Meters, probe: ProberStats): void {
  gauge('gateway_probe_cameras', 'Cameras assigned', probe.cameras)
  gauge('gateway_probe_running', 'Probes under way', probe.running)
  gauge('gateway_probe_parked', 'Probes under way that wait for a slow camera', probe.parked)
  gauge('gateway_probe_waiting', 'Probes that are due and wait', probe.waiting)
  counter('gateway_probes_total', 'Probes of cameras', probe.probes)
  counter(
    'gateway_probes_doubted_total',
    'Probes without a verdict, because the gateway itself was late',
    probe.doubted,
  )
  counters('gateway_probes_late_total', 'Probes that began at most so late, seconds', 'le', upTo(probe.lateness))
}

/** Cumulative, by the upper bound of each bucket. */
function upTo(lateness: readonly number[]): [bound: string, count: number][] {
  let count = 0
  return lateness.map((more, n) => {
    count += more
    return [n < lateness.length - 1 ? String((2 ** n * 25) / 1_000) : '+Inf', count]
  })
}
