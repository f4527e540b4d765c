/** What the outbox says, as what rules are asked about. */
import type { DistrictCode, MessageName } from '@hub/contracts'
import type { Stimulus } from '@hub/core'
import type { Delivered } from '@hub/platform'
import { pointOf, type Row } from '../incidents/rows.ts'
import type { Placed } from '../nearby/inventory.ts'
import type { Trx } from './db.ts'

export const heard = ['measured', 'events', 'notificationRequested', 'incidentMoved'] as const satisfies MessageName[]
export type Heard = (typeof heard)[number]

/** A stimulus with whose memory it is, and the incident where it is about one. */
export type Said = Omit<Stimulus, 'districts'> & {
  districts: readonly DistrictCode[]
  /** Device, outage or incident. */
  subject: string
  deviceName: string | null
  address: string | null
  incident: { id: string; drill: boolean } | null
}

type DeviceOf = (id: string) => Placed | undefined

/** Of devices that are not in service nothing is said. */
export async function stimuliOf(trx: Trx, message: Delivered<Heard>, deviceOf: DeviceOf): Promise<Said[]> {
  switch (message.message) {
    case 'measured': {
      const { samples } = message.value as Delivered<'measured'>['value']
      return samples.flatMap(({ device: id, at, values }) => {
        const device = deviceOf(id)
        if (!device) return []
        return Object.entries(values).map(([measure, value]) =>
          ofDevice(device, at, { kind: 'measure', measure, value }, `${id} ${measure}`),
        )
      })
    }
    case 'events': {
      const { device: id, at, kind, to } = message.value as Delivered<'events'>['value']
      const device = deviceOf(id)
      return device ? [ofDevice(device, at, { kind: 'event', topic: kind, active: to === 'active' }, id)] : []
    }
    case 'notificationRequested': {
      const request = message.value as Delivered<'notificationRequested'>['value']
      if (request.kind !== 'outage' || request.ended) return []
      const { key, at, districts, state } = request
      return [ofOutage(key, at, districts, state.members, state.name)]
    }
    case 'incidentMoved': {
      const { incident, at } = message.value as Delivered<'incidentMoved'>['value']
      const row = await trx.selectFrom('incident').selectAll().where('id', '=', incident).executeTakeFirst()
      return row ? [ofIncidentRow(row, at)] : []
    }
  }
}

export const ofDevice = (device: Placed, at: number, what: Stimulus['what'], subject: string): Said => ({
  at,
  device: device.id,
  districts: [device.district as DistrictCode],
  application: device.application,
  point: device.point,
  what,
  subject,
  deviceName: device.name,
  address: device.address,
  incident: null,
})

/** Each state of an outage is told of, with the members that it has by then. */
export const ofOutage = (
  id: string,
  at: number,
  districts: readonly DistrictCode[],
  members: number,
  deviceName: string | null,
): Said => ({
  at,
  device: null,
  districts,
  application: null,
  point: null,
  what: { kind: 'outage', members },
  subject: `outage ${id}`,
  deviceName,
  address: null,
  incident: null,
})

export const ofIncidentRow = (row: Row, at: number): Said => ({
  at,
  device: row.device,
  districts: [row.district as DistrictCode],
  application: null,
  point: pointOf(row),
  what: { kind: 'incident', class: row.class, type: row.type, level: row.level, source: row.source },
  subject: `incident ${row.id}`,
  deviceName: null,
  address: row.address,
  incident: { id: row.id, drill: row.drill === 1 },
})
