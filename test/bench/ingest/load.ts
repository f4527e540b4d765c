/** The load: twenty gateways, each with 1,000 devices looked at every 30 s, as encoded batches. Seeded, so every side gets the same bytes. */
import { districtCodes, type Observation } from '@hub/contracts'

export const gateways = 20
export const devicesOfGateway = 1_000
export const everyMs = 30_000
/** One device in ten is a sensor. */
const sensorEach = 10
/** Chance that a device fails in a round, and for how many rounds it stays so. */
const failure = 0.001
const failedRounds = 6

export type Load = {
  gatewayIds: string[]
  devices: { id: string; district: string; gateway: string }[]
  /** `rounds[r][g]`: the batch of gateway g in round r. */
  rounds: Buffer[][]
  observations: number
}

export function makeLoad(roundCount: number, startAt: number, seed = 7): Load {
  const random = mulberry32(seed)
  const gatewayIds = Array.from({ length: gateways }, (_, g) => `${district(g)}00002000${pad(g)}`)
  const devices = gatewayIds.flatMap((gateway, g) =>
    Array.from({ length: devicesOfGateway }, (_, d) => ({
      id: `${district(g)}00001320${pad(g * devicesOfGateway + d)}`,
      district: district(g),
      gateway,
    })),
  )
  const failing = new Int32Array(devices.length)
  const rounds = Array.from({ length: roundCount }, (_, round) =>
    gatewayIds.map((gateway, g) => {
      const observations = Array.from({ length: devicesOfGateway }, (_, d): Observation => {
        const n = g * devicesOfGateway + d
        if (failing[n]! > 0) failing[n]!--
        else if (random() < failure) failing[n] = failedRounds
        const at = startAt + round * everyMs + Math.floor(random() * 1_000)
        return observe(devices[n]!.id, d % sensorEach === 0, at, failing[n]! > 0, random)
      })
      return Buffer.from(JSON.stringify({ v: 1, gateway, epoch: startAt, seq: round + 1, observations }))
    }),
  )
  return { gatewayIds, devices, rounds, observations: roundCount * devices.length }
}

function observe(device: string, sensor: boolean, at: number, fails: boolean, random: () => number): Observation {
  const common = { device, at, every: everyMs }
  if (sensor)
    return fails
      ? { ...common, kind: 'telemetry', verdict: 'fail', rung: 'fresh', reason: 'no-data' }
      : { ...common, kind: 'telemetry', verdict: 'pass', rung: 'fresh', values: { pm25: round1(random() * 90) } }
  const ms = round1(20 + random() * 60)
  return fails
    ? { ...common, kind: 'probe', verdict: 'fail', rung: 'reachable', reason: 'timeout', ms: 5_000 }
    : {
        ...common,
        kind: 'probe',
        verdict: 'pass',
        rung: 'decodes',
        ms,
        values: { clockOffsetMs: Math.round(random() * 900) },
      }
}

const district = (g: number) => districtCodes[g % districtCodes.length]!
const pad = (n: number) => String(n).padStart(6, '0')
const round1 = (n: number) => Math.round(n * 10) / 10

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
