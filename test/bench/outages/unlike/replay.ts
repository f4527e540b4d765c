/** A scenario through the correlation and the notifications, in virtual time. */
import type { CorrelatedOutage, Episode } from '@hub/core'
import { createNotifications } from '../notifications.ts'
import { createCorrelation, probabilityOf } from './correlation.ts'
import type { Cause, Placement, Scenario } from './types.ts'

export type Group = {
  id: string
  kind: string
  key: string
  mode: string
  episodes: { device: string; from: number; to: number | null }[]
  probability: number | null
}
/** A notification of its own, or an entry in one, that something is out; and which devices it was of. */
export type Told = { at: number; outage: string; what: string; devices: string[] }
export type Replayed = {
  groups: Map<string, Group>
  told: Told[]
  /** Of placements that ask at a time: the outage of that device at that time. */
  asked: Map<Placement, string>
  /** Of causes that ended: the outages of their devices that were still open `healMs` after. */
  lingering: Map<Cause, Set<string>>
  behind: (kind: string, key: string) => ReadonlySet<string>
  cpuMs: number
}

const second = 1_000
/** A cause that ended so long ago has its outage closed. */
export const healMs = 300 * second
/** Nothing waits longer in the correlation for something to settle; when nothing does, time goes in greater steps. */
const busyMs = 180 * second
const idleStepMs = 15 * second
/** What comes and goes is told of while part of it is up. */
const recentMs = 1_800 * second

export function replay(scenario: Scenario): Replayed {
  const correlation = createCorrelation(scenario)
  const places = new Map(scenario.devices.map(({ id, district, pointType }) => [id, { district, pointType }]))
  const outages = new Map<string, CorrelatedOutage>()
  const merged = new Map<string, string>()
  const current = new Map<string, Episode>()
  const told: Told[] = []
  const notifications = createNotifications(
    (device) => places.get(device),
    (outage, what, at) => {
      const down = outages.get(outage)?.episodes.filter((e) => e.to === null || e.to > at - recentMs) ?? []
      told.push({ at, outage, what, devices: down.map((e) => e.device) })
    },
  )
  const asked = new Map<Placement, string>()
  const lingering = new Map<Cause, Set<string>>()
  const questions = questionsOf(
    scenario,
    (placement) => {
      const outage = current.get(placement.device)?.outage
      if (outage) asked.set(placement, outage)
    },
    (cause) => {
      const ids = new Set(cause.members.map((m) => current.get(m.device)?.outage))
      const open = [...ids].filter((id) => id && outages.get(id)?.episodes.some((e) => e.to === null))
      lingering.set(cause, new Set(open as string[]))
    },
  )
  const { events } = scenario
  let [next, lastEvent] = [0, scenario.from]
  for (let now = scenario.from; now <= scenario.to; ) {
    for (; next < events.length && events[next]!.decidedAt <= now; lastEvent = now) correlation.apply(events[next++]!)
    const settled = correlation.settle(now)
    for (const effect of settled.effects)
      if (effect.kind === 'merged') {
        outages.delete(effect.id)
        merged.set(effect.id, effect.into)
      } else if (effect.kind === 'changed') outages.set(effect.outage.id, effect.outage)
    for (const e of settled.episodes) if (e.from >= (current.get(e.device)?.from ?? 0)) current.set(e.device, e)
    notifications.hear(settled.effects, settled.outages)
    notifications.decide(now)
    while (questions.length && questions[0]!.at <= now) questions.shift()!.ask()
    const idle = now - lastEvent > busyMs
    if (idle) correlation.learn(now)
    now += idle ? Math.max(second, Math.min(idleStepMs, (events[next]?.decidedAt ?? Infinity) - now)) : second
  }
  const follow = (id: string): string => (merged.has(id) ? follow(merged.get(id)!) : id)
  for (const [placement, id] of asked) asked.set(placement, follow(id))
  for (const [cause, ids] of lingering) lingering.set(cause, new Set([...ids].map(follow)))
  const groups = new Map([...outages.values()].map((o) => [o.id, groupOf(o)]))
  return { groups, told, asked, lingering, behind: correlation.behind, cpuMs: correlation.cpuMs() }
}

function questionsOf(scenario: Scenario, where: (m: Placement) => void, healed: (cause: Cause) => void) {
  const placements = scenario.causes.flatMap((cause) => cause.members.filter((m) => m.askedAt !== undefined))
  const ended = scenario.causes.filter(({ to }) => to !== null && to + healMs < scenario.to)
  return [
    ...placements.map((m) => ({ at: m.askedAt!, ask: () => where(m) })),
    ...ended.map((cause) => ({ at: cause.to! + healMs, ask: () => healed(cause) })),
  ].sort((a, b) => a.at - b.at)
}

const groupOf = (o: CorrelatedOutage): Group => ({
  id: o.id,
  ...o.cause,
  episodes: o.episodes.map(({ device, from, to }) => ({ device, from, to })),
  probability: probabilityOf(o),
})
