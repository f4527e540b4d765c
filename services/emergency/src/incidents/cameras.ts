/** Cameras that were chosen for an incident, by a person or a rule. */
import {
  type ChosenCamera,
  type DeviceState,
  type GeoPoint,
  HubError,
  limitText,
  type NearbyCamera,
  type Scope,
} from '@hub/contracts'
import { sql } from 'kysely'
import type { Db } from '../tables.ts'
import { appendEntry } from './log.ts'

/** More are no overview any more. */
export const mostCameras = 32

/**
 * Those that are chosen already stay as they are. Run it in a transaction.
 * @param by a user, or `hub`. @throws HubError `request.invalid` beyond `mostCameras`
 */
export async function chooseCameras(
  trx: Db,
  incident: string,
  cameras: readonly NearbyCamera[],
  by: string,
  at: number,
): Promise<NearbyCamera[]> {
  const chosen = await devicesOf(trx, incident)
  const fresh = cameras.filter(({ device }) => !chosen.includes(device))
  const all = chosen.length + fresh.length
  if (all > mostCameras)
    throw new HubError('request.invalid', {
      field: 'devices',
      value: all,
      limit: limitText('most-cameras', { most: mostCameras }),
    })
  const { last } = await trx
    .selectFrom('incident_camera')
    .select((of) => of.fn.coalesce(of.fn.max('seq'), sql<number>`0`).as('last'))
    .where('incident', '=', incident)
    .executeTakeFirstOrThrow()
  for (const [n, camera] of fresh.entries()) {
    const { device, name } = camera
    const row = { incident, device, seq: Number(last) + n + 1, camera: JSON.stringify(camera) }
    await trx
      .insertInto('incident_camera')
      .values({ ...row, chosen_at: at, chosen_by: by, preset: null })
      .execute()
    const detail = { act: 'choose', device, name, metres: Math.round(camera.metres), sighting: camera.sighting }
    await appendEntry(trx, incident, { at, actor: by, kind: 'camera', detail })
  }
  return fresh
}

/** What was sent where; the log of it is the caller's, who knows how it went. @throws HubError `request.invalid` */
export async function setPreset(
  trx: Db,
  incident: string,
  device: string,
  preset: ChosenCamera['preset'],
): Promise<void> {
  const written = await trx
    .updateTable('incident_camera')
    .set({ preset: preset && JSON.stringify(preset) })
    .where('incident', '=', incident)
    .where('device', '=', device)
    .returning('device')
    .executeTakeFirst()
  if (!written) throw notChosen(device)
}

export async function dropCamera(trx: Db, incident: string, device: string, actor: string, at: number): Promise<void> {
  const dropped = await trx
    .deleteFrom('incident_camera')
    .where('incident', '=', incident)
    .where('device', '=', device)
    .returning('camera')
    .executeTakeFirst()
  if (!dropped) throw notChosen(device)
  const { name } = JSON.parse(dropped.camera) as NearbyCamera
  await appendEntry(trx, incident, { at, actor, kind: 'camera', detail: { act: 'drop', device, name } })
}

export const notChosen = (device: string) =>
  new HubError('request.invalid', { field: 'device', value: device, limit: limitText('camera-not-chosen') })

export const devicesOf = async (db: Db, incident: string): Promise<string[]> =>
  (
    await db.selectFrom('incident_camera').select('device').where('incident', '=', incident).orderBy('seq').execute()
  ).map(({ device }) => device)

/** The incident's place is another: so are distances and bearings. */
export async function seeAnew(trx: Db, incident: string, cameras: readonly NearbyCamera[]): Promise<void> {
  for (const camera of cameras)
    await trx
      .updateTable('incident_camera')
      .set({ camera: JSON.stringify(camera) })
      .where('incident', '=', incident)
      .where('device', '=', camera.device)
      .execute()
}

/** As they were chosen, with how they are now. */
export async function chosenCameras(db: Db, incident: string): Promise<ChosenCamera[]> {
  const rows = await db
    .selectFrom('incident_camera as c')
    .leftJoin('ingest_state as s', 's.device', 'c.device')
    .select(['c.camera', 'c.chosen_at', 'c.chosen_by', 'c.preset', 's.state', 's.last_at'])
    .where('c.incident', '=', incident)
    .orderBy('c.seq')
    .execute()
  return rows.map((row) => ({
    ...(JSON.parse(row.camera) as NearbyCamera),
    state: (row.state ?? 'unknown') as DeviceState,
    lastAt: row.last_at,
    chosenAt: row.chosen_at,
    chosenBy: row.chosen_by,
    preset: row.preset === null ? null : (JSON.parse(row.preset) as ChosenCamera['preset']),
  }))
}

/** Views of cameras from a place. */
export type ViewsOf = (devices: readonly string[], point: GeoPoint | null) => Promise<NearbyCamera[]>

/** @throws HubError `device.unknown`, also beyond the scope; `request.invalid` for what is no camera */
export async function requireCameras(db: Db, scope: Scope, devices: readonly string[]): Promise<void> {
  let known = db
    .selectFrom('registry_device')
    .select(['id', 'kind'])
    .where('id', 'in', [...devices])
  if (scope !== 'city') known = known.where('district', 'in', [...scope])
  const found = new Map((await known.execute()).map(({ id, kind }) => [id, kind]))
  for (const device of devices) {
    const kind = found.get(device)
    if (kind === undefined) throw new HubError('device.unknown', { value: device })
    if (kind !== 'camera')
      throw new HubError('request.invalid', { field: 'devices', value: device, limit: limitText('be-camera') })
  }
}
