/** Which planned record a found device is: never a guess, for a guess would bind a camera to the wrong pole. */
import { type DeviceId, districtOf, type MatchBasis, matchBases, type unmatchedReasons } from '@hub/contracts'
import { type Found, type Planned, type Signs, signsOfFound, signsOfPlanned } from './match-signs.ts'

/** `contested` is said of a whole rollout only (`matchRollout`). */
export type PlannedMatch =
  | { device: DeviceId; by: MatchBasis }
  | { device: null; reason: 'none' }
  | { device: null; reason: Exclude<(typeof unmatchedReasons)[number], 'none'>; by: MatchBasis; candidates: DeviceId[] }

export type PlannedIndex = { readonly [B in MatchBasis]: ReadonlyMap<string, readonly Entry[]> }
type Entry = { id: DeviceId; signs: Signs }

const none: PlannedMatch = { device: null, reason: 'none' }

/** Made once for a whole rollout: each found device is then looked up, not compared with all. */
export function indexPlanned(planned: Iterable<Planned>): PlannedIndex {
  const index: { [B in MatchBasis]: Map<string, Entry[]> } = {
    code: new Map(),
    serial: new Map(),
    mac: new Map(),
    address: new Map(),
    name: new Map(),
  }
  for (const record of planned) {
    const entry = { id: record.id, signs: signsOfPlanned(record) }
    for (const basis of matchBases) {
      const sign = entry.signs[basis]
      if (sign === undefined) continue
      const same = index[basis].get(sign)
      if (same) same.push(entry)
      else index[basis].set(sign, [entry])
    }
  }
  return index
}

/**
 * The strongest sign that any record carries decides: code, serial, MAC, address, name. It must be one record, and that
 * record must not contradict the device by a sign that is trusted more.
 * @param districts of the gateway that found it: private addresses repeat from one district to the next. Absent: all.
 */
export function matchPlanned(found: Found, index: PlannedIndex, districts?: ReadonlySet<string>): PlannedMatch {
  const signs = signsOfFound(found)
  for (const basis of matchBases) {
    const sign = signs[basis]
    const carriers = sign === undefined ? undefined : index[basis].get(sign)
    const near = districts ? carriers?.filter(({ id }) => districts.has(districtOf(id) ?? '')) : carriers
    if (!near || near.length === 0) continue
    const fitting = near.filter((entry) => !contradicts(entry.signs, signs, basis))
    if (fitting.length === 1) return { device: fitting[0]!.id, by: basis }
    const candidates = (fitting.length > 1 ? fitting : near).map(({ id }) => id)
    return { device: null, reason: fitting.length > 1 ? 'ambiguous' : 'contradicted', by: basis, candidates }
  }
  return none
}

/** Both say something that is trusted more than `basis`, and not the same. */
function contradicts(record: Signs, found: Signs, basis: MatchBasis): boolean {
  for (const stronger of matchBases) {
    if (stronger === basis) return false
    const [mine, its] = [record[stronger], found[stronger]]
    if (mine !== undefined && its !== undefined && mine !== its) return true
  }
  return false
}
