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
  /** Imported topology: further needs, each a list of alternatives; a kind named here replaces the record's. */
  needs?: readonly (readonly NodeId[])[] | undefined
}

export type Topology = {
  /** Each need a list of alternatives, most often of one. */
  needs: ReadonlyMap<string, readonly (readonly NodeId[])[]>
  /** The needs without an alternative. */
  nodes: ReadonlyMap<string, readonly NodeId[]>
  /** Devices that need a node and have no alternative to it. */
  behind: ReadonlyMap<NodeId, readonly string[]>
}

/** About 11 m: devices this near one another share a pole that the record does not name. */
const placeDigits = 4

/**
 * @param cohorts sets of devices that failed together before (`learnCohorts`), by name.
 */
export function topologyOf(
  devices: Iterable<PlacedDevice>,
  cohorts: ReadonlyMap<string, readonly string[]> = new Map(),
): Topology {
  const needs = new Map<string, (readonly NodeId[])[]>()
  const nodes = new Map<string, NodeId[]>()
  const behind = new Map<NodeId, string[]>()
  const depend = (device: string, alternatives: readonly NodeId[]) => {
    needs.get(device)!.push(alternatives)
    if (alternatives.length !== 1) return
    nodes.get(device)!.push(alternatives[0]!)
    const list = behind.get(alternatives[0]!)
    if (list) list.push(device)
    else behind.set(alternatives[0]!, [device])
  }
  for (const device of devices) {
    needs.set(device.id, [])
    nodes.set(device.id, [])
    const replaced = new Set(device.needs?.flat().map(kindOf))
    if (replaced.has('switch')) replaced.add('port')
    for (const node of recorded(device)) if (!replaced.has(kindOf(node))) depend(device.id, [node])
    for (const alternatives of device.needs ?? []) depend(device.id, alternatives)
  }
  for (const [name, members] of cohorts)
    for (const device of members) if (needs.has(device)) depend(device, [nodeOf('cohort', name)])
  return { needs, nodes, behind }
}

function* recorded(d: PlacedDevice): Generator<NodeId> {
  if (d.pole !== null) yield nodeOf('pole', d.pole)
  else if (d.longitude && d.latitude)
    yield nodeOf('place', `${d.longitude.toFixed(placeDigits)},${d.latitude.toFixed(placeDigits)}`)
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
