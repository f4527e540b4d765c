/** Devices that an order may be issued about, and whose an order about them is. */
import { type Carrier, type DistrictCode, HubError, limitText, type PointClass, type Scope } from '@hub/contracts'
import { sql } from 'kysely'
import type { RepairRules } from './config.ts'
import { within } from './queries.ts'
import type { Db } from './tables.ts'

export type Candidate = {
  id: string
  name: string
  district: DistrictCode
  carrier: Carrier
  pointType: PointClass
  maintainer: string | null
  /** Number of the order about it that is not closed. */
  ordered: string | null
}

export const slice = 500

/** Devices of the outage that are down, whether in an order or not. */
export async function downIn(db: Db, scope: Scope, outage: string): Promise<Candidate[]> {
  const { rows } = await sql<{ device: string }>`
    SELECT DISTINCT m.device FROM outages_member m JOIN registry_device d ON d.id = m.device
    WHERE m.outage = ${outage} AND m.to_at IS NULL AND d.stage = 'in-service' AND ${within(scope)}`.execute(db)
  return candidatesOf(
    db,
    scope,
    rows.map(({ device }) => device),
  )
}

/** @throws HubError `request.invalid` when nothing is down, or all of it is in an order already */
export async function freeIn(db: Db, scope: Scope, outage: string): Promise<Candidate[]> {
  const down = await downIn(db, scope, outage)
  const free = down.filter(({ ordered }) => ordered === null)
  const invalid = (limit: string) => new HubError('request.invalid', { field: 'outage', value: outage, limit })
  if (down.length === 0) throw invalid(limitText('nothing-down'))
  if (free.length === 0) throw invalid(limitText('in-order-already', { order: down[0]!.ordered ?? '' }))
  return free
}

/** The devices by their codes. @throws HubError `device.unknown`, also out of scope; `request.invalid` for one in an order, by name */
export async function freeOf(db: Db, scope: Scope, wanted: readonly string[], field: string): Promise<Candidate[]> {
  const ids = [...new Set(wanted)]
  const devices = await candidatesOf(db, scope, ids)
  const found = new Set(devices.map(({ id }) => id))
  const foreign = ids.find((id) => !found.has(id))
  if (foreign !== undefined) throw new HubError('device.unknown', { value: foreign })
  const taken = devices.find(({ ordered }) => ordered !== null)
  if (taken) throw refusedDevice(taken, field, limitText('in-order-already', { order: taken.ordered ?? '' }))
  return devices
}

/** A device is refused by the name that people know it by. */
export const refusedDevice = ({ id, name }: Pick<Candidate, 'id' | 'name'>, field: string, limit: string): HubError =>
  new HubError('request.invalid', { field, value: `${name} (${id})`, limit })

export async function candidatesOf(db: Db, scope: Scope, ids: readonly string[]): Promise<Candidate[]> {
  const devices: Candidate[] = []
  for (let i = 0; i < ids.length; i += slice) {
    const some = ids.slice(i, i + slice)
    const { rows } = await sql<Candidate>`
      SELECT d.id, d.name, d.district, d.carrier, d.point_type AS pointType, d.maintainer,
        (SELECT w.number FROM work_order_device o JOIN work_order w ON w.id = o.work_order
          WHERE o.device = d.id AND w.status NOT IN ('closed', 'cancelled') LIMIT 1) AS ordered
      FROM registry_device d WHERE d.id IN (${sql.join(some)}) AND ${within(scope)} ORDER BY d.id`.execute(db)
    devices.push(...rows)
  }
  return devices
}

type Units = Pick<RepairRules, 'carrierUnits'>

const unitOf = ({ maintainer, carrier }: Candidate, { carrierUnits }: Units): string =>
  maintainer ?? carrierUnits[carrier]

/** The maintainer of most of the devices; of those without one, their carrier. */
export function usualUnit(devices: readonly Candidate[], rules: Units): string {
  const units = Map.groupBy(devices, (device) => unitOf(device, rules))
  return [...units].reduce((a, b) => (b[1].length > a[1].length ? b : a))[0]
}

/** An order for each carrier, and of one carrier for each unit that repairs: nobody is sent another's devices. The largest first. */
export function suggestedOf(
  devices: readonly Candidate[],
  rules: Units,
): { carrier: Carrier; unit: string; devices: string[] }[] {
  const groups = Map.groupBy(devices, (device) => JSON.stringify([device.carrier, unitOf(device, rules)]))
  return [...groups.values()]
    .map((of) => ({ carrier: of[0]!.carrier, unit: unitOf(of[0]!, rules), devices: of.map(({ id }) => id) }))
    .sort((a, b) => b.devices.length - a.devices.length || (a.unit < b.unit ? -1 : 1))
}
