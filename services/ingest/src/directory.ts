/** What ingest must know of devices and gateways to admit an observation: a copy of the registry's few columns in memory. */

import type { DatabaseSync } from 'node:sqlite'
import type { DistrictCode, GatewayId } from '@hub/contracts'

export type Listed = {
  district: DistrictCode
  application: string
  carrier: string
  kind: string
  pole: string | null
  feed: string | null
  /** Due time: null until it first enters service, and while it has not left. */
  inServiceFrom: number | null
  inServiceTo: number | null
}

type DeviceRow = {
  id: string
  district: DistrictCode
  application: string
  carrier: string
  kind: string
  pole: string | null
  feed: string | null
  in_service_from: number | null
  in_service_to: number | null
}

export class Directory {
  readonly #sqlite: DatabaseSync
  /** Counts the readings. */
  version = 0
  #devices = new Map<string, Listed>()
  #gateways = new Map<GatewayId, ReadonlySet<string>>()

  constructor(sqlite: DatabaseSync) {
    this.#sqlite = sqlite
  }

  /** Reads it all again: at the start, and whenever the registry changed. */
  reload(): void {
    const devices = new Map<string, Listed>()
    const rows = this.#sqlite
      .prepare(
        'SELECT id, district, application, carrier, kind, pole, feed, in_service_from, in_service_to FROM device',
      )
      .iterate() as Iterable<DeviceRow>
    for (const r of rows)
      devices.set(r.id, {
        district: r.district,
        application: r.application,
        carrier: r.carrier,
        kind: r.kind,
        pole: r.pole,
        feed: r.feed,
        inServiceFrom: r.in_service_from,
        inServiceTo: r.in_service_to,
      })
    const gateways = this.#sqlite.prepare('SELECT id, districts FROM gateway').all() as {
      id: string
      districts: string
    }[]
    this.version++
    this.#devices = devices
    this.#gateways = new Map(gateways.map((g) => [g.id, new Set<string>(JSON.parse(g.districts))]))
  }

  device = (id: string): Listed | undefined => this.#devices.get(id)
  districtsOf = (gateway: GatewayId): ReadonlySet<string> | undefined => this.#gateways.get(gateway)
  gateways = (): Iterable<GatewayId> => this.#gateways.keys()
  devices = (): Iterable<[string, Listed]> => this.#devices
}
