/** A district's looks: each camera every 30 s, most of them passed, with short faults, long outages and slow spells. Seeded by the camera. */
import type { Observation } from '@hub/contracts'

export const gatewayId = '43040500002000000001'
export const everyMs = 30_000
export const cameraId = (n: number) => `43040500001320${String(n).padStart(6, '0')}`
/** Second of the period in which a camera is looked at. */
export const phaseOf = (n: number) => (n * 7_919) % 30

const startsFault = 0.000_6
const startsSlow = 0.000_2
/** One fault in ten is a power cut or a cut fibre: it lasts for hours. */
const isLong = 0.1

/** @param from start of a period of the whole fleet @param count periods */
export function* looksOf(n: number, from: number, count: number): Generator<Observation> {
  const random = mulberry32(n + 1)
  let failing = 0
  let slow = 0
  for (let period = 0; period < count; period++) {
    if (failing > 0) failing--
    else if (random() < startsFault) failing = 2 + Math.floor(random() * (random() < isLong ? 400 : 20))
    if (slow > 0) slow--
    else if (random() < startsSlow) slow = Math.floor(random() * 30)
    const at = from + period * everyMs + phaseOf(n) * 1_000 + Math.floor(random() * 900)
    yield look(cameraId(n), at, failing > 0 ? 'fail' : slow > 0 ? 'slow' : 'pass', random)
  }
}

export function look(device: string, at: number, said: 'pass' | 'slow' | 'fail', random = Math.random): Observation {
  const common = { device, at, kind: 'probe', every: everyMs } as const
  if (said === 'fail') return { ...common, verdict: 'fail', rung: 'reachable', reason: 'timeout', ms: 2_500 }
  const values = { clockOffsetMs: Math.round(random() * 900) }
  if (said === 'slow') return { ...common, verdict: 'degraded', rung: 'answers', reason: 'slow', ms: 2_300, values }
  return { ...common, verdict: 'pass', rung: 'describes', ms: Math.round(20 + random() * 60), values }
}

/** A small seeded generator; the quality of its randomness does not matter here. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
