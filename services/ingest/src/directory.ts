/**
 * What ingest must know of devices and gateways to admit an observation: a copy of a few columns of the registry in memory. A row is read
 * when it is first needed, and again when it is next needed after a change: so a change costs the rows that it changed.
 */

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
  district: DistrictCode
  application: string
  carrier: string
  kind: string
  pole: string | null
  feed: string | null
  in_service_from: number | null
  in_service_to: number | null
}

const columns = 'district, application, carrier, kind, pole, feed, in_service_from, in_service_to'

export class Directory {
  readonly #row
  readonly #rowOfGateway
  readonly #idsOfGateways
  readonly #devices = new Map<string, Listed>()
  readonly #districts = new Map<GatewayId, ReadonlySet<string>>()
  #gateways: readonly GatewayId[] | undefined

  constructor(sqlite: DatabaseSync) {
    this.#row = sqlite.prepare(`SELECT ${columns} FROM registry_device WHERE id = ?`)
    this.#rowOfGateway = sqlite.prepare('SELECT districts FROM gateways_gateway WHERE id = ?')
    this.#idsOfGateways = sqlite.prepare('SELECT id FROM gateways_gateway ORDER BY id')
  }

  /** The registry changed. @param devices null: any of them may be another now */
  changed(devices: readonly string[] | null): void {
    if (devices === null) this.#devices.clear()
    else for (const id of devices) this.#devices.delete(id)
    this.#districts.clear()
    this.#gateways = undefined
  }

  device = (id: string): Listed | undefined => this.#devices.get(id) ?? this.#read(id)

  /** The same inside `record.commit`, where nothing is seen that may yet be rolled back: so it may be kept. */
  known(id: string): Listed | undefined {
    const kept = this.#devices.get(id)
    if (kept) return kept
    const listed = this.#read(id)
    if (listed) this.#devices.set(id, listed)
    return listed
  }

  districtsOf(gateway: GatewayId): ReadonlySet<string> | undefined {
    const kept = this.#districts.get(gateway)
    if (kept) return kept
    const row = this.#rowOfGateway.get(gateway) as { districts: string } | undefined
    if (!row) return undefined
    const districts = new Set<string>(JSON.parse(row.districts))
    this.#districts.set(gateway, districts)
    return districts
  }

  gateways(): readonly GatewayId[] {
    this.#gateways ??= (this.#idsOfGateways.all() as { id: GatewayId }[]).map(({ id }) => id)
    return this.#gateways
  }

  #read(id: string): Listed | undefined {
    const r = this.#row.get(id) as DeviceRow | undefined
    return (
      r && {
        district: r.district,
        application: r.application,
        carrier: r.carrier,
        kind: r.kind,
        pole: r.pole,
        feed: r.feed,
        inServiceFrom: r.in_service_from,
        inServiceTo: r.in_service_to,
      }
    )
  }
}
