/** Which devices an exemption or correction covers, at some time of it, asked of the database. The rule is core's `covers`; a test keeps the two equal. */
import type { DatabaseSync } from 'node:sqlite'
import type { Adjustment, DistrictCode, Scope } from '@hub/contracts'

/** What decides on which devices an adjustment falls. */
export type Reach = Pick<Adjustment, 'scope' | 'within' | 'from' | 'to'>

const column = { devices: 'id', pole: 'pole', feed: 'feed', district: 'district' } as const

/** For a WHERE over `registry_tenure`; with the parameters of `reachParameters`. */
export const reachCondition = (by: Reach['scope']['by']): string =>
  `${column[by]} IN (SELECT value FROM json_each(:reached))
   AND (:within IS NULL OR district IN (SELECT value FROM json_each(:within)))
   AND (:viewer IS NULL OR district IN (SELECT value FROM json_each(:viewer)))
   AND (:carriers IS NULL OR carrier IN (SELECT value FROM json_each(:carriers)))
   AND (:applications IS NULL OR application IN (SELECT value FROM json_each(:applications)))
   AND (:kind IS NULL OR kind = :kind) AND valid_from < :until AND (valid_to IS NULL OR valid_to > :since)`

export const reachParameters = ({ scope, within, from, to }: Reach, viewer: Scope) => ({
  since: from,
  until: to,
  reached: JSON.stringify(scope.values),
  within: within === 'city' ? null : JSON.stringify(within),
  viewer: viewer === 'city' ? null : JSON.stringify(viewer),
  carriers: scope.carriers ? JSON.stringify(scope.carriers) : null,
  applications: scope.applications ? JSON.stringify(scope.applications) : null,
  kind: scope.kind ?? null,
})

/** Devices of the viewer's districts that it covers. */
export function countCovered(sqlite: DatabaseSync, reach: Reach, viewer: Scope): number {
  const condition = reachCondition(reach.scope.by)
  const row = sqlite
    .prepare(`SELECT count(DISTINCT id) AS n FROM registry_tenure WHERE ${condition}`)
    .get(reachParameters(reach, viewer))
  return (row as { n: number }).n
}

/** Whether it covers this device. */
export function covers(sqlite: DatabaseSync, reach: Reach, device: string): boolean {
  const condition = reachCondition(reach.scope.by)
  const found = sqlite
    .prepare(`SELECT 1 FROM registry_tenure WHERE id = :device AND ${condition} LIMIT 1`)
    .get({ ...reachParameters(reach, 'city'), device })
  return found !== undefined
}

/** The districts that have such a device, ascending. */
export function coveredDistricts(sqlite: DatabaseSync, reach: Reach): DistrictCode[] {
  const condition = reachCondition(reach.scope.by)
  const rows = sqlite
    .prepare(`SELECT DISTINCT district FROM registry_tenure WHERE ${condition} ORDER BY district`)
    .all(reachParameters(reach, 'city')) as { district: DistrictCode }[]
  return rows.map(({ district }) => district)
}

/** Their codes, ascending. */
export function listCovered(sqlite: DatabaseSync, reach: Reach, viewer: Scope): string[] {
  const condition = reachCondition(reach.scope.by)
  const rows = sqlite
    .prepare(`SELECT DISTINCT id FROM registry_tenure WHERE ${condition} ORDER BY id`)
    .all(reachParameters(reach, viewer)) as { id: string }[]
  return rows.map(({ id }) => id)
}
