/** An incident as it was, with the cameras around its place of then. */
import type { Incident, IncidentReplay, NearbyCamera, ReplayCamera, ReplayGap, Scope } from '@hub/contracts'
import { inScope } from '@hub/contracts'
import { type IncidentLimits, incidentAt, type ReplayedIncident } from '@hub/core'
import { type Nearby, statesOf } from '../nearby/index.ts'
import type { Db } from '../tables.ts'

/** Of those within the radius the ones that see best, then the nearest. */
const mostAround = 200

export async function replayIncident(
  db: Db,
  nearby: Pick<Nearby, 'at' | 'of'>,
  scope: Scope,
  incident: Incident,
  { at, radius }: { at: number; radius: number },
  limits: IncidentLimits,
): Promise<IncidentReplay> {
  const then = incidentAt(incident, at, limits)
  const seen = await around(nearby, scope, then, radius)
  const states = await statesOf(
    db,
    seen.map(({ device }) => device),
    at,
  )
  const cameras = seen.map(({ lastAt: _, ...camera }): ReplayCamera => {
    const state = states.get(camera.device)
    return { ...camera, state: state?.state ?? null, since: state?.since ?? null }
  })
  return { ...then, cameras, unsaid: gapsOf(then, cameras) }
}

/** Each once: the chosen ones, wherever they are; then what lies within the radius in the viewer's districts. */
async function around(
  nearby: Pick<Nearby, 'at' | 'of'>,
  scope: Scope,
  { chosen, point }: Pick<ReplayedIncident, 'chosen' | 'point'>,
  radius: number,
): Promise<NearbyCamera[]> {
  const own = await nearby.of(
    chosen.map(({ device }) => device),
    point,
  )
  const inDistrict = (district: string) => inScope(scope, district)
  const near = point ? await nearby.at(point, { radius, limit: mostAround, inDistrict }) : []
  const names = new Set(own.map(({ device }) => device))
  return [...own, ...near.filter(({ device }) => !names.has(device))]
}

function gapsOf({ status, point }: ReplayedIncident, cameras: readonly ReplayCamera[]): ReplayGap[] {
  const gaps: ReplayGap[] = []
  const without = cameras.filter(({ state }) => state === null).length
  if (status === null) gaps.push('not-yet')
  if (point === null) gaps.push('no-place')
  if (without > 0) gaps.push(without === cameras.length ? 'states' : 'some-states')
  if (cameras.length > 0) gaps.push('record-of-today')
  return gaps
}
