/**
 * Devices by place: a copy of a few columns of the registry in memory, of which a change reads again what it names, and an index of the
 * cameras. The index is built whole; what has changed since lies beside it, until it is so much that another one is built.
 */
import type { CameraView, GeoPoint, RegistryViews } from '@hub/contracts'
import { metresBetween, viewOf } from '@hub/core'
import { ChangedIds, createPacer, inLists } from '@hub/platform'
import { around } from 'geokdbush'
import KDBush from 'kdbush'
import type { Kysely } from 'kysely'

export type Placed = {
  id: string
  name: string
  kind: string
  district: string
  application: string
  address: string
  point: GeoPoint | null
  /** Of a camera. */
  view: CameraView | null
}
type Camera = Placed & { point: GeoPoint; view: CameraView }
export type Near = { camera: Camera; metres: number }

const pageSize = 2_000
/** Changes beside the index: so many are looked through one by one in each search. */
const looseMost = 1_000

export class PlaceInventory {
  readonly #devices = new Map<string, Placed>()
  readonly #changed = new ChangedIds()
  #index = new KDBush(0)
  #indexed: Camera[] = []
  readonly #loose = new Map<string, Camera | null>()
  #loading: Promise<void> | undefined
  #longest = 0

  devices = (): Iterable<Placed> => this.#devices.values()
  device = (id: string): Placed | undefined => this.#devices.get(id)

  /** How far the camera sees that sees furthest. Metres. */
  get longest(): number {
    return this.#longest
  }

  /** @param ids null: any of them may be another now */
  changed(ids: readonly string[] | null): void {
    this.#changed.add(ids)
  }

  /** Reads what has changed; all of it at first. One at a time. */
  async read(db: Kysely<RegistryViews>): Promise<void> {
    while (this.#loading) await this.#loading
    const due = this.#indexed.length === 0 && this.#devices.size === 0 ? null : this.#changed.take()
    if (due === undefined) return
    this.#loading = (due === null ? this.#readAll(db) : this.#readSome(db, due)).finally(() => {
      this.#loading = undefined
    })
    await this.#loading
  }

  /** The nearest cameras, the nearest first. */
  around(place: GeoPoint, most: number, metres: number, wanted: (camera: Camera) => boolean): Near[] {
    const isCurrent = (n: number) => {
      const camera = this.#indexed[n]!
      return !this.#loose.has(camera.id) && wanted(camera)
    }
    const { longitude, latitude } = place
    // The library's earth is a little smaller than ours.
    const found = around(this.#index, longitude, latitude, most, (metres * 1.001) / 1_000, isCurrent) as number[]
    const near = found.map((n) => nearOf(this.#indexed[n]!, place))
    for (const camera of this.#loose.values()) if (camera && wanted(camera)) near.push(nearOf(camera, place))
    return near
      .filter((each) => each.metres <= metres)
      .sort((a, b) => a.metres - b.metres)
      .slice(0, most)
  }

  /** For tests and benches: as if it had been read. */
  load(devices: readonly Placed[]): void {
    this.#devices.clear()
    for (const device of devices) this.#devices.set(device.id, device)
    this.#build()
  }

  async #readAll(db: Kysely<RegistryViews>): Promise<void> {
    const pace = createPacer()
    const gone = new Set(this.#devices.keys())
    for (let after = ''; ; ) {
      const rows = await select(db).where('d.id', '>', after).orderBy('d.id').limit(pageSize).execute()
      for (const row of rows) {
        gone.delete(row.id)
        this.#devices.set(row.id, placedOf(row))
      }
      if (rows.length < pageSize) break
      after = rows.at(-1)!.id
      await pace()
    }
    for (const id of gone) this.#devices.delete(id)
    this.#build()
  }

  async #readSome(db: Kysely<RegistryViews>, ids: readonly string[]): Promise<void> {
    for (const some of inLists(ids)) {
      const rows = new Map((await select(db).where('d.id', 'in', some).execute()).map((row) => [row.id, placedOf(row)]))
      for (const id of some) {
        const device = rows.get(id)
        if (device) this.#devices.set(id, device)
        else this.#devices.delete(id)
        const camera = device && cameraOf(device)
        this.#loose.set(id, camera ?? null)
        if (camera) this.#longest = Math.max(this.#longest, camera.view.range)
      }
    }
    if (this.#loose.size > looseMost) this.#build()
  }

  #build(): void {
    this.#indexed = []
    for (const device of this.#devices.values()) {
      const camera = cameraOf(device)
      if (camera) this.#indexed.push(camera)
    }
    this.#index = new KDBush(this.#indexed.length)
    for (const { point } of this.#indexed) this.#index.add(point.longitude, point.latitude)
    if (this.#indexed.length > 0) this.#index.finish()
    this.#longest = this.#indexed.reduce((most, { view }) => Math.max(most, view.range), 0)
    this.#loose.clear()
  }
}

const nearOf = (camera: Camera, place: GeoPoint): Near => ({ camera, metres: metresBetween(camera.point, place) })
const cameraOf = (device: Placed): Camera | undefined =>
  device.view !== null && device.point !== null ? (device as Camera) : undefined

const select = (db: Kysely<RegistryViews>) =>
  db
    .selectFrom('registry_device as d')
    .innerJoin('registry_record as r', 'r.id', 'd.id')
    .select(['d.id', 'd.name', 'd.kind', 'd.district', 'd.application', 'd.address', 'd.longitude', 'd.latitude'])
    .select('r.record')
    .where('d.stage', '=', 'in-service')

type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number]
const placedOf = ({ longitude, latitude, record, ...row }: Row): Placed => ({
  ...row,
  point: longitude === null || latitude === null ? null : { longitude, latitude },
  view: row.kind === 'camera' ? viewOf(JSON.parse(record)) : null,
})
