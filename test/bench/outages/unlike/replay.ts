/** A scenario through the correlation and the notifications, second by second. This is the one file that knows the correlation's interface. */
import {
  type CorrelatedOutage,
  Correlator,
  defaultCorrelationPolicy,
  type Episode,
  nodeOf,
  topologyOf,
} from '@hub/core'
import { createNotifications } from '../notifications.ts'
import type { Scenario } from './types.ts'

export type Group = {
  id: string
  kind: string
  key: string
  mode: string
  episodes: { device: string; from: number; to: number | null }[]
  open: boolean
  /** How sure the correlation says it is, when it says so. */
  probability: number | null
}
/** A notification of its own, or an entry in one, that something is out; and which devices it was of. */
export type Told = { at: number; outage: string; what: string; devices: string[] }
export type Replayed = {
  groups: Map<string, Group>
  told: Told[]
  /** Of placements that ask at a time: the outage of that device at that time. */
  asked: Map<string, string>
  /** Devices that the record says are behind it. */
  behind: (kind: string, key: string) => ReadonlySet<string>
  cpuMs: number
}

const second = 1_000
/** Nothing waits longer in the correlation for something to settle. */
const busyMs = 180 * second
const idleStepMs = 15 * second

export function replay(scenario: Scenario): Replayed {
  const topology = topologyOf(scenario.devices.map((d) => ({ ...d, ...scenario.record[d.id] })))
  const correlator = new Correlator(topology, defaultCorrelationPolicy)
  const places = new Map(scenario.devices.map(({ id, district, pointType }) => [id, { district, pointType }]))
  const outages = new Map<string, CorrelatedOutage>()
  const into = new Map<string, string>()
  const told: Told[] = []
  const notifications = createNotifications(
    (device) => places.get(device),
    (id, what, at) => {
      const devices = outages.get(id)?.episodes.filter((e) => e.to === null || what === 're-fired') ?? []
      told.push({ at, outage: id, what, devices: devices.map((e) => e.device) })
    },
  )
  const questions = scenario.causes
    .flatMap((cause) => cause.members.filter((m) => m.askedAt !== undefined))
    .sort((a, b) => a.askedAt! - b.askedAt!)
  const current = new Map<string, Episode>()
  const asked = new Map<string, string>()
  const { events } = scenario
  let [next, cpu, lastEvent] = [0, 0, 0]
  for (let now = scenario.from; now <= scenario.to; ) {
    const began = process.cpuUsage()
    while (next < events.length && events[next]!.decidedAt <= now) {
      correlator.apply(events[next++]!)
      lastEvent = now
    }
    const effects = correlator.settle(now)
    const changes = correlator.takeChanges()
    const { user, system } = process.cpuUsage(began)
    cpu += user + system
    for (const effect of effects)
      if (effect.kind === 'merged') {
        outages.delete(effect.id)
        into.set(effect.id, effect.into)
      } else if (effect.kind === 'changed') outages.set(effect.outage.id, effect.outage)
    for (const e of changes.episodes) current.set(e.device, e)
    notifications.hear(effects, changes.outages)
    notifications.decide(now)
    while (questions.length && questions[0]!.askedAt! <= now) {
      const { device } = questions.shift()!
      const outage = current.get(device)?.outage
      if (outage) asked.set(device, outage)
    }
    now +=
      now - lastEvent < busyMs || events[next]?.decidedAt === undefined
        ? second
        : idleStep(now, events[next]!.decidedAt)
  }
  for (const [device, outage] of asked) asked.set(device, follow(into, outage))
  const groups = new Map([...outages.values()].map((o) => [o.id, groupOf(o)]))
  const none: ReadonlySet<string> = new Set()
  // A kind that the correlation does not know yet has no node.
  const behind = (kind: string, key: string) =>
    topology.behind.get(nodeOf(kind as CorrelatedOutage['cause']['kind'], key)) ?? none
  return { groups, told, asked, behind, cpuMs: cpu / 1_000 }
}

const idleStep = (now: number, nextAt: number): number => Math.max(second, Math.min(idleStepMs, nextAt - now))

function groupOf(o: CorrelatedOutage): Group {
  const said = o as { probability?: number; evidence: { probability?: number } }
  return {
    id: o.id,
    ...o.cause,
    episodes: o.episodes.map(({ device, from, to }) => ({ device, from, to })),
    open: o.episodes.some((e) => e.to === null),
    probability: said.probability ?? said.evidence.probability ?? null,
  }
}

function follow(into: ReadonlyMap<string, string>, id: string): string {
  let at = id
  for (let next = into.get(at); next !== undefined; next = into.get(at)) at = next
  return at
}
