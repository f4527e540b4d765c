/**
 * What a device needs in order to be seen: its pole's power, its switch, its carrier's line. Each need may have alternatives (two
 * uplinks): it is lost only when all of them are (the all-parents rule).
 */
import type { CauseKind } from '@hub/contracts'

/** `kind:key`. */
export type NodeId = string

export const nodeOf = (kind: CauseKind, key: string): NodeId => `${kind}:${key}`
export const kindOf = (node: NodeId): CauseKind => node.slice(0, node.indexOf(':')) as CauseKind
export const keyOf = (node: NodeId): string => node.slice(node.indexOf(':') + 1)

/** The columns of the camera record that say what a device depends on. Null where the record is silent. */
export type PlacedDevice = {
  id: string
  district: string
  carrier: string
  gateway: string | null
  pole: string | null
  feed: string | null
  switch: string | null
  port: string | null
  recorder: string | null
  ipAddress: string | null
  longitude: number | null
  latitude: number | null
  /** What it has in common with others without hanging on it. */
  model?: string | null | undefined
  firmware?: string | null | undefined
  credential?: string | null | undefined
  maintainer?: string | null | undefined
  /** Imported topology: further needs, each a list of alternatives; a kind named here replaces the record's. */
  needs?: readonly (readonly NodeId[])[] | undefined
}

export type Topology = {
  /** Each need a list of alternatives, most often of one. */
  readonly needs: ReadonlyMap<string, readonly (readonly NodeId[])[]>
  /** The needs without an alternative. */
  readonly nodes: ReadonlyMap<string, readonly NodeId[]>
  /** What a device has in common with others beside what it needs: model, firmware, credential, maintainer. */
  readonly traits: ReadonlyMap<string, readonly NodeId[]>
  /** Where devices are, as far as it is known. */
  readonly spots: ReadonlyMap<string, Spot>
  /** Devices that need a node and have no alternative to it, or that have the trait. */
  readonly behind: ReadonlyMap<NodeId, ReadonlySet<string>>
}

export type Spot = { longitude: number; latitude: number }

/** Sets of devices that failed together before (`learnCohorts`), by name. */
export type Cohorts = ReadonlyMap<string, readonly string[]>

/** About 11 m: devices this near one another share a pole that the record does not name. */
const placeDigits = 4

export function topologyOf(devices: Iterable<PlacedDevice>, cohorts: Cohorts = new Map()): Topology {
  const topology = new LiveTopology()
  topology.update(devices)
  topology.setCohorts(cohorts)
  return topology
}

/** What a pole has for all who hang on it. */
const shared = ['feed', 'switch'] as const

/**
 * A topology that is kept up as devices come, change and leave. Where the record is silent, its neighbours speak: a device in the spot of
 * one pole hangs on that pole, and what all others of a pole (or spot) have in common it has too. So a change of one device reaches those
 * of its spot and its pole, and no other: that is what it costs.
 */
export class LiveTopology implements Topology {
  readonly needs = new Map<string, (readonly NodeId[])[]>()
  readonly nodes = new Map<string, NodeId[]>()
  readonly traits = new Map<string, NodeId[]>()
  readonly spots = new Map<string, Spot>()
  readonly behind = new Map<NodeId, Set<string>>()
  /** As recorded. */
  readonly #devices = new Map<string, PlacedDevice>()
  readonly #spots = new Groups()
  /** By pole, recorded or of the neighbours; without one by spot. */
  readonly #places = new Groups()
  readonly #poles = new Map<string, string | null>()
  #cohortsOf = new Map<string, NodeId[]>()

  /** @param changed new ones, or as they are now. @returns devices whose needs were worked out again */
  update(changed: Iterable<PlacedDevice>, gone: Iterable<string> = []): number {
    const own = new Set<string>()
    const spots = new Set<NodeId>()
    for (const id of gone) {
      own.add(id)
      add(spots, this.#spots.move(id, null))
      this.#devices.delete(id)
    }
    for (const device of changed) {
      own.add(device.id)
      const spot = spotOf(device)
      add(spots, this.#spots.move(device.id, spot))
      add(spots, spot)
      this.#devices.set(device.id, device)
    }
    const places = this.#hang(own, spots)
    const reached = new Set(own)
    for (const place of places) for (const id of this.#places.membersOf(place)) reached.add(id)
    const common = this.#commonOf(places)
    for (const id of reached) this.#link(id, common)
    return reached.size
  }

  setCohorts(cohorts: Cohorts): void {
    const before = this.#cohortsOf
    this.#cohortsOf = new Map()
    for (const [name, members] of cohorts)
      for (const device of members) {
        const nodes = this.#cohortsOf.get(device)
        if (nodes) nodes.push(nodeOf('cohort', name))
        else this.#cohortsOf.set(device, [nodeOf('cohort', name)])
      }
    const reached = new Set<string>()
    for (const id of [...before.keys(), ...this.#cohortsOf.keys()])
      if (String(before.get(id)) !== String(this.#cohortsOf.get(id)) && this.#devices.has(id)) reached.add(id)
    const places = new Set<NodeId>()
    for (const id of reached) add(places, this.#places.of(id))
    const common = this.#commonOf(places)
    for (const id of reached) this.#link(id, common)
  }

  /** Which pole each hangs on. @returns the places that gained, lost or hold one that changed */
  #hang(own: ReadonlySet<string>, spots: ReadonlySet<NodeId>): Set<NodeId> {
    const poles = new Map<NodeId, string | null>()
    for (const spot of spots) poles.set(spot, this.#common(this.#spots.membersOf(spot), 'pole'))
    const places = new Set<NodeId>()
    const hang = (id: string) => {
      const device = this.#devices.get(id)
      const spot = device ? spotOf(device) : null
      const pole = device ? (device.pole ?? (spot === null ? null : (poles.get(spot) ?? null))) : null
      const place = pole === null ? spot : nodeOf('pole', pole)
      const before = this.#places.move(id, place)
      if (device) this.#poles.set(id, pole)
      else this.#poles.delete(id)
      if (before === place && !own.has(id)) return
      add(places, before)
      add(places, place)
    }
    for (const id of own) hang(id)
    for (const spot of spots) for (const id of this.#spots.membersOf(spot)) if (!own.has(id)) hang(id)
    return places
  }

  /** The value that all have who have one; null where they differ. */
  #common(ids: Iterable<string>, column: 'pole' | 'feed' | 'switch'): string | null {
    let found: string | null = null
    for (const id of ids) {
      const value = this.#devices.get(id)![column]
      if (value === null) continue
      if (found !== null && found !== value) return null
      found = value
    }
    return found
  }

  #commonOf(places: Iterable<NodeId>): Map<NodeId, Shared> {
    const found = new Map<NodeId, Shared>()
    for (const place of places) {
      const ids = this.#places.membersOf(place)
      found.set(place, { feed: this.#common(ids, 'feed'), switch: this.#common(ids, 'switch') })
    }
    return found
  }

  #link(id: string, common: ReadonlyMap<NodeId, Shared>): void {
    for (const nodes of [this.nodes, this.traits])
      for (const node of nodes.get(id) ?? []) {
        const devices = this.behind.get(node)
        devices?.delete(id)
        if (devices?.size === 0) this.behind.delete(node)
      }
    const device = this.#devices.get(id)
    if (!device) {
      this.needs.delete(id)
      this.nodes.delete(id)
      this.traits.delete(id)
      this.spots.delete(id)
      return
    }
    const needs = this.#needsOf(device, common)
    const nodes = needs.flatMap((alternatives) => (alternatives.length === 1 ? alternatives : []))
    this.needs.set(id, needs)
    this.nodes.set(id, nodes)
    const traits = traitsOf(device)
    this.traits.set(id, traits)
    const { longitude, latitude } = device
    if (longitude && latitude) this.spots.set(id, { longitude, latitude })
    else this.spots.delete(id)
    for (const node of [...nodes, ...traits]) {
      const devices = this.behind.get(node)
      if (devices) devices.add(id)
      else this.behind.set(node, new Set([id]))
    }
  }

  #needsOf(device: PlacedDevice, common: ReadonlyMap<NodeId, Shared>): (readonly NodeId[])[] {
    const place = this.#places.of(device.id)
    const known = place === null ? undefined : common.get(place)
    const filled = { ...device, pole: this.#poles.get(device.id) ?? null }
    for (const column of shared) filled[column] ??= known?.[column] ?? null
    const replaced = new Set(device.needs?.flat().map(kindOf))
    if (replaced.has('switch')) replaced.add('port')
    const needs: (readonly NodeId[])[] = []
    for (const node of recorded(filled)) if (!replaced.has(kindOf(node))) needs.push([node])
    needs.push(...(device.needs ?? []))
    for (const cohort of this.#cohortsOf.get(device.id) ?? []) needs.push([cohort])
    return needs
  }
}

type Shared = { feed: string | null; switch: string | null }

const add = (nodes: Set<NodeId>, node: NodeId | null): void => {
  if (node !== null) nodes.add(node)
}

const nobody: ReadonlySet<string> = new Set()

/** Devices by a node that each has at most one of. */
class Groups {
  readonly #members = new Map<NodeId, Set<string>>()
  readonly #of = new Map<string, NodeId>()

  of = (id: string): NodeId | null => this.#of.get(id) ?? null
  membersOf = (node: NodeId): ReadonlySet<string> => this.#members.get(node) ?? nobody

  /** @returns where it was */
  move(id: string, to: NodeId | null): NodeId | null {
    const from = this.of(id)
    if (from === to) return from
    if (from !== null) {
      const members = this.#members.get(from)!
      members.delete(id)
      if (members.size === 0) this.#members.delete(from)
    }
    if (to === null) this.#of.delete(id)
    else {
      this.#of.set(id, to)
      const members = this.#members.get(to)
      if (members) members.add(id)
      else this.#members.set(to, new Set([id]))
    }
    return from
  }
}

const spotOf = ({ longitude, latitude }: PlacedDevice): NodeId | null =>
  longitude && latitude ? nodeOf('place', `${longitude.toFixed(placeDigits)},${latitude.toFixed(placeDigits)}`) : null

const traitKinds = ['model', 'firmware', 'credential', 'maintainer'] as const

const traitsOf = (device: PlacedDevice): NodeId[] =>
  traitKinds.flatMap((kind) => (device[kind] ? [nodeOf('attribute', `${kind}:${device[kind]}`)] : []))

function* recorded(d: PlacedDevice): Generator<NodeId> {
  if (d.pole !== null) yield nodeOf('pole', d.pole)
  else {
    const spot = spotOf(d)
    if (spot !== null) yield spot
  }
  if (d.feed !== null) yield nodeOf('feed', d.feed)
  if (d.switch !== null) yield nodeOf('switch', d.switch)
  if (d.switch !== null && d.port !== null) yield nodeOf('port', `${d.switch}/${d.port}`)
  if (d.recorder !== null) yield nodeOf('recorder', d.recorder)
  const block = d.ipAddress?.match(/^(\d+\.\d+\.\d+)\.\d+$/)?.[1]
  if (block) yield nodeOf('subnet', `${block}.0/24`)
  yield nodeOf('line', `${d.carrier}/${d.district}`)
  yield nodeOf('district', d.district)
  if (d.gateway !== null) yield nodeOf('gateway', d.gateway)
}
