/** Cameras near a place: ranked by whether they can see it, with how they are. */
import type { DeviceState, GeoPoint, NearbyCamera, ResourceKind } from '@hub/contracts'
import { bySight, metresBetween, sight } from '@hub/core'
import { type Deps, inLists, type RecordStore, tablesOf } from '@hub/platform'
import type { Kysely } from 'kysely'
import type { EmergencyDb } from '../tables.ts'
import { type Near, PlaceInventory } from './inventory.ts'

type Db = Kysely<EmergencyDb>
type Asked = {
  radius: number
  limit: number
  /** As it was then. */
  at?: number | undefined
  /** Which districts; all when absent. */
  inDistrict?: (district: string) => boolean
}

export interface Nearby {
  readonly inventory: PlaceInventory
  /** Reads what the registry has changed. */
  refresh(): Promise<void>
  /** What can see the place first, then the nearest. @param db a transaction that the caller is in, where it is in one */
  at(place: GeoPoint, asked: Asked, db?: Db): Promise<NearbyCamera[]>
  /** These, in the order asked, where they are on record with a place; without a place nothing is said of what they see. */
  of(devices: readonly string[], place: GeoPoint | null, db?: Db): Promise<NearbyCamera[]>
  /** Cameras within the radius, by state. */
  counts(place: GeoPoint, asked: Omit<Asked, 'limit'>): Promise<Record<DeviceState, number>>
}

const shared = new WeakMap<RecordStore, Nearby>()

/** One for each Record: whoever asks in this process shares the copy. */
export function createNearby(deps: Pick<Deps, 'record' | 'bus' | 'clock' | 'log'>): Nearby {
  const known = shared.get(deps.record)
  if (known) return known
  const nearby = openNearby(deps)
  shared.set(deps.record, nearby)
  return nearby
}

function openNearby({ record, bus, log }: Pick<Deps, 'record' | 'bus' | 'clock' | 'log'>): Nearby {
  const own = tablesOf<EmergencyDb>(record).db
  const inventory = new PlaceInventory()
  let listening: Promise<unknown> | undefined
  const refresh = async () => {
    listening ??= bus
      .subscribe('registry.changed', ({ devices }) => inventory.changed(devices))
      .catch((err: unknown) => {
        listening = undefined
        log.warn({ err }, 'changes of the registry are not heard: what is near may be out of date')
      })
    await listening
    await inventory.read(own)
  }
  /** Inside a transaction nothing else can be read: it is as it was read last. */
  const current = (db: Db) => (db === own ? refresh() : undefined)

  return {
    inventory,
    refresh,
    async at(place, { radius, limit, at, inDistrict = () => true }, db = own) {
      await current(db)
      return withStates(db, ranked(inventory, place, { radius, limit, inDistrict }), at)
    },
    async of(devices, place, db = own) {
      await current(db)
      const cameras = devices.flatMap((id) => {
        const camera = inventory.device(id)
        return camera?.view && camera.point ? [{ ...camera, view: camera.view, point: camera.point }] : []
      })
      return withStates(
        db,
        cameras.map((camera) => sighted({ camera, metres: 0 }, place)),
      )
    },
    async counts(place, { radius, at, inDistrict = () => true }) {
      await current(own)
      const all = inventory.around(place, Number.POSITIVE_INFINITY, radius, ({ district }) => inDistrict(district))
      const counts: Record<DeviceState, number> = { up: 0, degraded: 0, down: 0, unknown: 0 }
      const ids = all.map(({ camera }) => camera.id)
      const states = await statesOf(own, ids, at)
      for (const id of ids) counts[states.get(id)?.state ?? 'unknown']++
      return counts
    },
  }
}

type Sighted = Omit<NearbyCamera, 'state' | 'lastAt'>

/** What may see the place is within the longest range: of these all are judged, of the others the nearest fill up. */
export function ranked(
  inventory: PlaceInventory,
  place: GeoPoint,
  { radius, limit, inDistrict }: { radius: number; limit: number; inDistrict(district: string): boolean },
): Sighted[] {
  const wanted = ({ district }: { district: string }) => inDistrict(district)
  const reach = Math.min(radius, inventory.longest)
  const near = inventory.around(place, Number.POSITIVE_INFINITY, reach, wanted)
  const more = near.length < limit && reach < radius ? inventory.around(place, limit, radius, wanted) : []
  const all = new Map([...near, ...more].map((each) => [each.camera.id, each]))
  return [...all.values()]
    .map((each) => sighted(each, place))
    .sort(bySight)
    .slice(0, limit)
}

function sighted({ camera }: Near, place: GeoPoint | null): Sighted {
  const { id, name, district, point, view } = camera
  const seen = place ? sight(point, view, place) : { metres: 0, bearing: 0, sighting: 'direction-unknown' as const }
  return { device: id, name, district: district as Sighted['district'], ...point, view, ...seen }
}

async function withStates(db: Db, cameras: Sighted[], at?: number): Promise<NearbyCamera[]> {
  const states = await statesOf(
    db,
    cameras.map(({ device }) => device),
    at,
  )
  return cameras.map((camera) => ({
    ...camera,
    state: states.get(camera.device)?.state ?? 'unknown',
    lastAt: states.get(camera.device)?.lastAt ?? null,
  }))
}

type State = {
  state: DeviceState
  lastAt: number | null
  /** Since when; null: it is as it is now, and that is not asked. */
  since: number | null
}

/** How they are, or how they were then; of what nothing is kept there is none. */
export async function statesOf(db: Db, ids: readonly string[], at?: number): Promise<Map<string, State>> {
  const states = new Map<string, State>()
  for (const some of inLists(ids)) {
    const rows =
      at === undefined
        ? await db
            .selectFrom('ingest_state')
            .select(['device', 'state', 'last_at as lastAt'])
            .where('device', 'in', some)
            .execute()
        : await db
            .selectFrom('ingest_interval')
            .select(['device', 'state', 'from_at as lastAt'])
            .where('device', 'in', some)
            .where('from_at', '<=', at)
            .where((is) => is.or([is('to_at', 'is', null), is('to_at', '>', at)]))
            .execute()
    for (const { device, state, lastAt } of rows)
      states.set(device, {
        state: state as DeviceState,
        ...(at === undefined ? { lastAt, since: null } : { lastAt: null, since: lastAt }),
      })
  }
  return states
}

/** The nearest of each kind within the radius, so many of each; and the kinds of which there is none. */
export async function nearestResources(
  db: Db,
  place: GeoPoint,
  {
    radius,
    each,
    kinds,
    inDistrict,
  }: {
    radius: number
    each: number
    kinds: readonly ResourceKind[]
    inDistrict(district: string): boolean
  },
) {
  const rows = (await db.selectFrom('resource').selectAll().execute())
    .filter(({ district }) => inDistrict(district))
    .map(({ updated_at: _, ...row }) => ({
      ...row,
      kind: row.kind as ResourceKind,
      district: row.district as NearbyCamera['district'],
      metres: metresBetween(row, place),
    }))
    .filter(({ metres }) => metres <= radius)
    .sort((a, b) => a.metres - b.metres || (a.id < b.id ? -1 : 1))
  const count = new Map<ResourceKind, number>()
  const resources = rows.filter(({ kind }) => {
    const n = (count.get(kind) ?? 0) + 1
    count.set(kind, n)
    return n <= each
  })
  return { resources, without: kinds.filter((kind) => !count.has(kind)) }
}
