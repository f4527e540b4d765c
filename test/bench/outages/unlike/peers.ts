/** Three simple ways to group alarms, beside the correlation: what an operator has without it. */

import type { Group } from './replay.ts'
import { longest, type Pairs, pairsOf, place } from './score.ts'
import type { Device, FieldEvent, Scenario } from './types.ts'

export const peers = { 'alarm-each': alarmEach, 'district-minute': districtMinute, 'half-of-parent': halfOfParent }
export type Peer = keyof typeof peers
export type PeerScore = { pairs: Pairs; notices: number }

type Stretch = { device: string; from: number; to: number | null }

export function scorePeer(scenario: Scenario, peer: Peer): PeerScore {
  const groups = peers[peer](scenario)
  return { pairs: pairsOf(place(scenario, longest(groups))), notices: groups.length }
}

function stretches({ events }: Scenario): Stretch[] {
  const open = new Map<string, Stretch>()
  const all: Stretch[] = []
  for (const { device, to, at } of events) {
    const last = open.get(device)
    if (to === 'up') {
      if (last) last.to = at
      open.delete(device)
    } else if (!last) {
      const stretch = { device, from: at, to: null }
      open.set(device, stretch)
      all.push(stretch)
    }
  }
  return all
}

const group = (id: string, episodes: Stretch[]): Group => ({
  id,
  kind: '',
  key: '',
  mode: '',
  episodes,
  open: false,
  probability: null,
})

function alarmEach(scenario: Scenario): Group[] {
  return stretches(scenario).map((s, n) => group(`${n}`, [s]))
}

function districtMinute(scenario: Scenario): Group[] {
  const groups = Map.groupBy(stretches(scenario), (s) => `${s.device.slice(0, 6)} ${Math.floor(s.from / 60_000)}`)
  return [...groups].map(([id, all]) => group(id, all))
}

const parents = ['pole', 'switch', 'feed', 'recorder', 'gateway'] as const
const withinMs = 60_000

/** Half of what the record has behind one parent failed within a minute: one alarm, of the widest such parent. */
function halfOfParent(scenario: Scenario): Group[] {
  const recorded = new Map(scenario.devices.map((d) => [d.id, { ...d, ...scenario.record[d.id] }]))
  const keysOf = (d: Device) =>
    [...parents.map((kind) => d[kind] && `${kind} ${d[kind]}`), `line ${d.carrier} ${d.district}`].filter(
      (k) => k !== null,
    )
  const sizes = new Map<string, number>()
  for (const d of recorded.values()) for (const key of keysOf(d)) sizes.set(key, (sizes.get(key) ?? 0) + 1)
  const all = stretches(scenario).sort((a, b) => a.from - b.from)
  const recent = new Map<string, Stretch[]>()
  const groupOf = new Map<Stretch, { id: string; size: number }>()
  for (const s of all)
    for (const key of keysOf(recorded.get(s.device)!)) {
      const near = (recent.get(key) ?? []).filter((r) => s.from - r.from <= withinMs)
      near.push(s)
      recent.set(key, near)
      const size = sizes.get(key)!
      if (near.length < 2 || 2 * near.length < size) continue
      const id = `${key} ${Math.floor(near[0]!.from / (15 * withinMs))}`
      for (const r of near) if ((groupOf.get(r)?.size ?? 0) < size) groupOf.set(r, { id, size })
    }
  const groups = Map.groupBy(all, (s) => groupOf.get(s)?.id ?? `${s.device} ${s.from}`)
  return [...groups].map(([id, members]) => group(id, members))
}

export const alarms = (events: readonly FieldEvent[]): number => events.filter((e) => e.to !== 'up').length
