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
  recordedDevices: Iterable<PlacedDevice>,
  cohorts: ReadonlyMap<string, readonly string[]> = new Map(),
): Topology {
  const devices = filledByNeighbours([...recordedDevices])
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

/** What a pole has for all who hang on it. */
const shared = ['feed', 'switch'] as const

/**
 * Where the record is silent, its neighbours speak: a device in the spot of one pole hangs on that pole, and what all others of a pole
 * (or spot) have in common it has too.
 */
function filledByNeighbours(devices: readonly PlacedDevice[]): PlacedDevice[] {
  const poles = common(devices, spotOf, 'pole')
  const onPoles = devices.map((d) => (d.pole === null ? { ...d, pole: poles.get(spotOf(d)) ?? null } : d))
  const where = (d: PlacedDevice) => (d.pole === null ? spotOf(d) : nodeOf('pole', d.pole))
  const known = shared.map((column) => [column, common(onPoles, where, column)] as const)
  return onPoles.map((d) => {
    const missing = known.filter(([column]) => d[column] === null)
    if (missing.length === 0) return d
    return { ...d, ...Object.fromEntries(missing.map(([column, found]) => [column, found.get(where(d)) ?? null])) }
  })
}

/** For each place the value that all have who have one. Null where they differ. */
function common(
  devices: readonly PlacedDevice[],
  where: (device: PlacedDevice) => NodeId | null,
  column: 'pole' | 'feed' | 'switch',
): Map<NodeId | null, string | null> {
  const found = new Map<NodeId | null, string | null>([[null, null]])
  for (const d of devices) {
    const place = where(d)
    if (d[column] === null || place === null) continue
    const before = found.get(place)
    found.set(place, before === undefined || before === d[column] ? d[column] : null)
  }
  return found
}

const spotOf = ({ longitude, latitude }: PlacedDevice): NodeId | null =>
  longitude && latitude ? nodeOf('place', `${longitude.toFixed(placeDigits)},${latitude.toFixed(placeDigits)}`) : null

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
