/**
 * What the room knows of devices: where they hang in the topology, how much they matter, what exempts them. In service only. A copy of
 * the registry in memory, of which a change reads again what it names.
 */
import {
  type AdjustableDevice,
  dayMs,
  LiveTopology,
  type NodeId,
  type PlacedDevice,
  secondMs,
  type Topology,
} from '@hub/core'
import { createPacer, inLists, type RecordStore, tablesOf } from '@hub/platform'
import { type Kysely, sql } from 'kysely'
import * as queries from './queries.ts'
import type { OutagesDb } from './tables.ts'

export type Place = PlacedDevice & AdjustableDevice & { pointType: string; everyMs: number | null }

/** Devices that are read at one stretch: between two of them others have their turn. */
const slice = 500
/** Failures of one moment, for learning, and how far back they are looked at. */
const togetherMs = 40 * secondMs
const learnedMs = 90 * dayMs

export class Inventory {
  readonly #db: Kysely<OutagesDb>
  readonly #learned
  readonly #places = new Map<string, Place>()
  readonly #topology = new LiveTopology()

  constructor(record: RecordStore) {
    this.#db = tablesOf<OutagesDb>(record).db
    this.#learned = record.reader(new URL('./queries.ts', import.meta.url), queries)
  }

  place = (device: string): Place | undefined => this.#places.get(device)

  /** Changes by `read` and `learn`, in place. */
  get topology(): Topology {
    return this.#topology
  }

  /** The usual time between probes, ms: that of most devices. */
  get everyMs(): number | undefined {
    const counts = new Map<number, number>()
    for (const { everyMs } of this.#places.values())
      if (everyMs !== null) counts.set(everyMs, (counts.get(everyMs) ?? 0) + 1)
    return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
  }

  /** Reads devices again, with what the imported topology says of them. @param devices null: all of them */
  async read(devices: readonly string[] | null): Promise<void> {
    const pace = createPacer()
    if (devices !== null) {
      for (const some of inLists(devices)) {
        this.#replace(some, await this.#rows(some), await this.#needs(some))
        await pace()
      }
      return
    }
    const gone = new Set(this.#places.keys())
    for (let after = ''; ; ) {
      const rows = await this.#page(after)
      for (const { id } of rows) gone.delete(id)
      const ids = rows.map(({ id }) => id)
      this.#replace(ids, rows, await this.#needs(ids))
      if (rows.length < slice) break
      after = rows.at(-1)!.id
      await pace()
    }
    this.#replace([...gone], [], new Map())
  }

  /** Learns anew which devices fail together. Slow to change and dear to learn: now and then is enough. */
  async learn(now: number): Promise<void> {
    this.#topology.setCohorts(await this.#learned.ask('cohorts', { since: now - learnedMs, spanMs: togetherMs }))
  }

  /** @param ids those of which there is no row are no longer in service */
  #replace(ids: readonly string[], rows: readonly Row[], needs: ReadonlyMap<string, NodeId[][]>): void {
    const gone = new Set(ids)
    const places = rows.map((row) => ({ ...row, needs: needs.get(row.id) }) as Place)
    for (const place of places) {
      gone.delete(place.id)
      this.#places.set(place.id, place)
    }
    for (const id of gone) this.#places.delete(id)
    this.#topology.update(places, gone)
  }

  #rows = (ids: readonly string[]): Promise<Row[]> => this.#select().where('d.id', 'in', ids).execute()
  #page = (after: string): Promise<Row[]> =>
    this.#select().where('d.id', '>', after).orderBy('d.id').limit(slice).execute()

  #select = () =>
    this.#db
      .selectFrom('registry_device as d')
      .leftJoin('gateways_binding as b', 'b.device', 'd.id')
      .innerJoin('registry_record as r', 'r.id', 'd.id')
      .select([
        'd.id',
        'district',
        'kind',
        'application',
        'carrier',
        'point_type as pointType',
        'b.gateway',
        'pole',
        'feed',
      ])
      .select(['switch', 'switch_port as port', 'recorder', 'ip_address as ipAddress', 'longitude', 'latitude'])
      .select(['maintainer', sql<string | null>`r.record ->> '$.model'`.as('model'), 'b.every_ms as everyMs'])
      .where('stage', '=', 'in-service')

  /** What devices need beside what their records say. */
  async #needs(devices: readonly string[]): Promise<Map<string, NodeId[][]>> {
    const rows = await this.#db
      .selectFrom('registry_topology')
      .selectAll()
      .where('device', 'in', devices)
      .orderBy('device')
      .orderBy('need')
      .execute()
    const byDevice = Map.groupBy(rows, ({ device }) => device)
    return new Map(
      [...byDevice].map(([device, own]) => [device, own.map(({ alternatives }) => JSON.parse(alternatives))]),
    )
  }
}

type Row = { id: string; everyMs: number | null }
