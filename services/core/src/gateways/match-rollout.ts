/** A whole rollout matched: no record is given to two devices. */
import { type DeviceId, type MatchBasis, matchBases } from '@hub/contracts'
import { matchPlanned, type PlannedIndex, type PlannedMatch } from './match-planned.ts'
import type { Found } from './match-signs.ts'

/** `endpoint` names the device: what two gateways find under one endpoint is one device. */
export type FoundAt = Found & { endpoint: string; districts?: ReadonlySet<string> }

type Claim = { by: MatchBasis; endpoints: Set<string> }

/**
 * The match of each found device, in their order. Of several that claim one record the one with the most trusted sign has it;
 * when their signs are equally trusted, none has.
 */
export function matchRollout(found: readonly FoundAt[], index: PlannedIndex): PlannedMatch[] {
  const matches = found.map((device) => matchPlanned(device, index, device.districts))
  const claims = new Map<DeviceId, Claim>()
  for (const [i, match] of matches.entries()) {
    if (match.device === null) continue
    const claim = claims.get(match.device)
    const order = claim ? rank(match.by) - rank(claim.by) : -1
    if (order < 0) claims.set(match.device, { by: match.by, endpoints: new Set([found[i]!.endpoint]) })
    else if (order === 0) claim!.endpoints.add(found[i]!.endpoint)
  }
  return matches.map((match, i) => {
    if (match.device === null) return match
    const { endpoints } = claims.get(match.device)!
    if (endpoints.size === 1 && endpoints.has(found[i]!.endpoint)) return match
    return { device: null, reason: 'contested', by: match.by, candidates: [match.device] }
  })
}

const rank = (basis: MatchBasis): number => matchBases.indexOf(basis)
