/**
 * The past of a city, seeded: most devices fail once or twice a month for minutes to hours and a few days, some flap, districts lose
 * power together, and gateways are silent now and then. Each device's past is the same whoever asks and in whatever order.
 */
import { applications, carriers, type DeviceState, districts, pointClasses } from '@hub/contracts'
import { dayStart, type Span } from '@hub/core'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export type Stretch = Span & { state: DeviceState }
export type Shared = {
  district: string
  from: number
  to: number
  state: 'down' | 'unknown'
  share: number
  exempt: boolean
}
export type City = { from: number; to: number; devices: number; shared: Shared[] }

const hash = (n: number, salt: number) => mulberry32(Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b))

/** `days` whole days of the city that end at a midnight, and half a day of the running one. */
export function makeCity(devices: number, days: number, end = dayStart(Date.UTC(2026, 8, 1))): City {
  const [from, to] = [end - days * day, end + day / 2]
  const random = mulberry32(11)
  const shared = districts.flatMap(({ code: district }) => [
    // A power cut every two months, of which a third is exempted; a gateway that is silent once a month.
    ...times(random, from, to, 1 / 60).map((at): Shared => {
      const length = Math.round((0.5 + 4 * random()) * hour)
      return { district, from: at, to: at + length, state: 'down', share: 0.3, exempt: random() < 0.34 }
    }),
    ...times(random, from, to, 1 / 30).map((at): Shared => {
      const length = Math.round((2 + 40 * random()) * minute)
      return { district, from: at, to: at + length, state: 'unknown', share: 1, exempt: false }
    }),
  ])
  return { from, to, devices, shared }
}

export function deviceOf(n: number) {
  const random = hash(n, 0)
  const district = districts[n % districts.length]!
  return {
    id: `${district.code}00001320${String(n).padStart(6, '0')}`,
    district: district.code,
    application: applications[random() < 0.7 ? 0 : 1 + Math.floor(4 * random())]!,
    carrier: carriers[Math.floor(carriers.length * random())]!,
    pointType: pointClasses[random() < 0.1 ? 0 : 1 + Math.floor(3 * random())]!,
    project: random() < 0.8 ? '雪亮工程二期' : '平安城市一期',
    zone: random() < 0.05 ? '430473' : null,
  }
}

/** Ascending and without a gap; the last is open. Times are whole milliseconds, as probes have them. */
export function pastOf({ from, to, shared }: City, n: number): (Span & { state: DeviceState })[] {
  const random = hash(n, 1)
  const { district } = deviceOf(n)
  const flaps = random() < 0.02
  const bad: Stretch[] = times(random, from, to, flaps ? 6 : 1.3 / 30).map((at) => {
    const kind = random()
    const length = flaps
      ? (1 + 8 * random()) * minute
      : kind < 0.7
        ? (1 + 30 * random()) * minute
        : kind < 0.95
          ? (0.5 + 8 * random()) * hour
          : (1 + 3 * random()) * day
    return { from: at, to: at + Math.round(length), state: !flaps && random() < 0.1 ? 'degraded' : 'down' }
  })
  for (const s of shared) if (s.district === district && random() < s.share) bad.push(s)
  const past: Stretch[] = []
  let at = from
  for (const stretch of bad.sort((a, b) => a.from - b.from)) {
    if (stretch.from <= at || stretch.to >= to) continue
    past.push({ from: at, to: stretch.from, state: 'up' }, { from: stretch.from, to: stretch.to, state: stretch.state })
    at = stretch.to
  }
  return [...past, { from: at, to, state: 'up' }]
}

/** Instants of a Poisson process of so many a day. */
function times(random: () => number, from: number, to: number, aDay: number): number[] {
  const found: number[] = []
  for (let at = from; ; ) {
    at += Math.max(minute, Math.round((-Math.log(1 - random()) / aDay) * day))
    if (at >= to) return found
    found.push(at)
  }
}

/** A small seeded generator; the quality of its randomness does not matter here. */
export function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
