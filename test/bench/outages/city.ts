/**
 * A day of the whole city, 20,000 cameras, in virtual time, told to one recipient. Its rates are assumptions of ours, not measurements:
 * 4 % of the cameras fail a day for hours (the city reports 96 % online), each camera is gone for some minutes once a month, and poles,
 * switches, feeders, lines and districts fail as often as `shared` says.
 */
import { Correlator, defaultCorrelationPolicy, type OutageEvent, topologyOf } from '@hub/core'
import { generateFleet } from '@hub/device-sims'
import { minute, start } from './corpus.ts'
import { createDraw, type Draw } from './draw.ts'
import { createNotifications } from './notifications.ts'

const cameras = 20_000
const hour = 60 * minute
const day = 24 * hour
const stepMs = 5_000
/** Seen within a round of looks, decided so much later. ms */
const spreadMs = 30_000
const confirmMs = 10_000
/** Faults of a single camera a day. */
const faultsADay = 0.04 * cameras
const blinksADay = cameras / 30
/** How often a day one of its kind fails in the whole city, and for how long, in minutes. */
const shared = [
  { by: 'pole', perDay: 10, lasts: [20, 480] },
  { by: 'switch', perDay: 3, lasts: [15, 240] },
  { by: 'power', perDay: 1, lasts: [15, 180] },
  { by: 'line', perDay: 1 / 7, lasts: [10, 120] },
  { by: 'district', perDay: 1 / 7, lasts: [5, 60] },
] as const

type Down = { device: string; from: number; to: number }

export function city(rate: number, days = 1) {
  const { cameras: fleet } = generateFleet({ seed: 20, cameras, sensors: 0 })
  const draw = createDraw(7)
  const downs = [...lone(fleet, draw, rate, days), ...together(fleet, draw, rate, days)]
  const places = new Map(fleet.map(({ id, district }, n) => [id, { district, pointType: n % 10 === 0 ? '1' : '3' }]))
  const correlator = new Correlator(
    topologyOf(
      fleet.map((d) => ({
        id: d.id,
        district: d.district,
        carrier: d.carrier,
        gateway: null,
        recorder: null,
        port: null,
        pole: d.pole,
        feed: d.power,
        switch: d.switch,
        ipAddress: d.ipAddress,
        longitude: d.longitude,
        latitude: d.latitude,
      })),
    ),
    defaultCorrelationPolicy,
  )
  const notifications = createNotifications((device) => places.get(device))
  const events = eventsOf(downs)
  let next = 0
  for (let now = start; now <= start + days * day; now += stepMs) {
    while (next < events.length && events[next]!.decidedAt <= now) correlator.apply(events[next++]!)
    notifications.hear(correlator.settle(now), correlator.takeChanges().outages)
    notifications.decide(now)
  }
  const alarms = events.slice(0, next).filter(({ to }) => to === 'down').length
  const { own, digests } = notifications.sent
  return { rate, alarms, notifications: own + digests, digests, ratio: Number(((own + digests) / alarms).toFixed(4)) }
}

type Fleet = ReturnType<typeof generateFleet>['cameras']

function* lone(fleet: Fleet, draw: Draw, rate: number, days: number): Generator<Down> {
  const some = (perDay: number, least: number, most: number) =>
    Array.from({ length: Math.round(perDay * days * rate) }, () => {
      const from = start + draw.between(0, days * day)
      return { device: draw.pick(fleet).id, from, to: from + draw.between(least, most) * minute }
    })
  yield* some(faultsADay, 4 * 60, 44 * 60)
  yield* some(blinksADay, 1, 12)
}

function* together(fleet: Fleet, draw: Draw, rate: number, days: number): Generator<Down> {
  for (const { by, perDay, lasts } of shared) {
    const groups = [...Map.groupBy(fleet, (d) => (by === 'line' ? `${d.carrier}/${d.district}` : d[by])).values()]
    const several = groups.filter(({ length }) => length > 1)
    const mean = perDay * days * rate
    // What comes less than once in that time comes by chance.
    for (let n = Math.floor(mean) + (draw.next() < mean % 1 ? 1 : 0); n > 0; n--) {
      const from = start + draw.between(0, days * day)
      const to = from + draw.between(lasts[0], lasts[1]) * minute
      for (const { id } of draw.pick(several))
        yield { device: id, from: from + draw.between(0, spreadMs), to: to + draw.between(0, spreadMs) }
    }
  }
}

/** What is down already does not go down again. */
function eventsOf(downs: Down[]): (OutageEvent & { decidedAt: number })[] {
  const until = new Map<string, number>()
  return downs
    .sort((a, b) => a.from - b.from)
    .flatMap(({ device, from, to }) => {
      if (from < (until.get(device) ?? 0)) return []
      until.set(device, to + minute)
      const event = { device, sign: 'path' as const, expected: false }
      return [
        { ...event, to: 'down' as const, at: from, decidedAt: from + confirmMs },
        { ...event, to: 'up' as const, at: to, decidedAt: to },
      ]
    })
    .sort((a, b) => a.decidedAt - b.decidedAt)
}
