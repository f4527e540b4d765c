/** What the room knows of devices: where they hang in the topology, how much they matter, what exempts them. In service only. */
import { type AdjustableDevice, learnCohorts, type PlacedDevice, type Topology, topologyOf } from '@hub/core'
import { listTopology, type RecordStore } from '@hub/platform'

export type Place = PlacedDevice & AdjustableDevice & { pointType: string }

/** Devices that are read at one stretch: between two of them others have their turn. */
const slice = 1_000
/** Failures of one moment, for learning, and how far back they are looked at. */
const togetherMs = 40_000
const learnedMs = 90 * 86_400_000

export class Places {
  readonly #record: Pick<RecordStore, 'db' | 'sqlite'>
  #places = new Map<string, Place>()
  #every = new Map<number, number>()
  topology: Topology = topologyOf([])

  constructor(record: Pick<RecordStore, 'db' | 'sqlite'>) {
    this.#record = record
  }

  place = (device: string): Place | undefined => this.#places.get(device)

  /** The usual time between looks, ms: that of most devices. */
  get everyMs(): number | undefined {
    return [...this.#every].sort((a, b) => b[1] - a[1])[0]?.[0]
  }

  /** Reads the registry, the imported topology and the past again. */
  async reload(now: number): Promise<void> {
    const { db, sqlite } = this.#record
    const needs = Map.groupBy(await listTopology(db, 'city'), ({ device }) => device)
    const places = new Map<string, Place>()
    const every = new Map<number, number>()
    const page = sqlite.prepare(
      `SELECT id, district, kind, application, carrier, point_type AS pointType, gateway, pole, feed, every_ms,
         json_extract(record, '$.switch') AS switch, json_extract(record, '$.switchPort') AS port,
         json_extract(record, '$.recorder') AS recorder, ip_address AS ipAddress, longitude, latitude
       FROM device WHERE id > ? AND stage = 'in-service' ORDER BY id LIMIT ${slice}`,
    )
    for (let after = ''; ; ) {
      const rows = page.all(after) as unknown as (Place & { every_ms: number })[]
      for (const { every_ms, ...place } of rows) {
        every.set(every_ms, (every.get(every_ms) ?? 0) + 1)
        const own = needs.get(place.id)?.map(({ alternatives }) => alternatives)
        places.set(place.id, { ...place, needs: own })
      }
      if (rows.length < slice) break
      after = rows.at(-1)!.id
      await new Promise((resolve) => setImmediate(resolve))
    }
    this.#places = places
    this.#every = every
    this.topology = topologyOf(places.values(), this.#cohorts(now))
  }

  #cohorts(now: number): Map<string, string[]> {
    const failures = this.#record.sqlite
      .prepare(
        `SELECT m.device, m.from_at AS "from" FROM outage o JOIN outage_member m ON m.outage = o.id
         WHERE o.cause_kind IN ('device', 'cohort') AND o.from_at >= ? AND m.sign = 'path' AND m.expected = 0`,
      )
      .all(now - learnedMs) as { device: string; from: number }[]
    return learnCohorts(failures, togetherMs)
  }
}
