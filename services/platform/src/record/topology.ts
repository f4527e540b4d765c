/**
 * Imported topology: what devices need beside what their records say. As CSV, one row for each need:
 *
 * | column | meaning |
 * | --- | --- |
 * | DeviceID | 20-digit code of a device on record |
 * | Need | number of the need of this device: 1 to 16 |
 * | Alternatives | `kind:key`, several parted by `\|`: the need is lost only when all of them are, e.g. `switch:SW-1\|switch:SW-2` |
 *
 * A kind that is named here replaces what the device's record says of that kind. The rows of a device replace those it had;
 * a row with nothing in Need and Alternatives takes them all away.
 */
import { causeKinds, HubError, inScope, type Scope } from '@hub/contracts'
import { keyOf, kindOf, type NodeId } from '@hub/core'
import type { Kysely } from 'kysely'
import type { RecordTables } from './schema.ts'

type Db = Kysely<RecordTables>

export const topologyColumns = ['DeviceID', 'Need', 'Alternatives'] as const
/** One row of the file, as text. */
export type TopologyRow = Record<(typeof topologyColumns)[number], string>
export type TopologyNeed = { device: string; need: number; alternatives: NodeId[] }

/** A device cannot need what only describes how it failed. */
const needable: readonly string[] = causeKinds.filter((kind) => kind !== 'device' && kind !== 'flapping')
const mostNeeds = 16
const mostAlternatives = 8
/** `Cause['key']`. */
const longestKey = 160
const slice = 500

/** In the order of devices and needs. Nothing of a device that is out of scope. */
export async function listTopology(db: Db, scope: Scope): Promise<TopologyNeed[]> {
  let query = db
    .selectFrom('topology_need')
    .innerJoin('device', 'device.id', 'topology_need.device')
    .selectAll('topology_need')
  if (scope !== 'city') query = query.where('device.district', 'in', [...scope])
  const rows = await query.orderBy('topology_need.device').orderBy('need').execute()
  return rows.map(({ device, need, alternatives }) => ({ device, need, alternatives: JSON.parse(alternatives) }))
}

export const topologyRowOf = ({ device, need, alternatives }: TopologyNeed): TopologyRow => ({
  ...{ DeviceID: device, Need: String(need), Alternatives: alternatives.join('|') },
})

/**
 * Takes the rows of a file in: those of a device all or none. Run it in a transaction; the audit line and the notice on the bus are the
 * caller's. Rows count from 1, the header not counted. @returns devices whose needs were replaced, and one error for each bad row
 */
export async function importTopology(
  trx: Db,
  scope: Scope,
  rows: readonly TopologyRow[],
): Promise<{ devices: number; needs: number; errors: HubError[] }> {
  const known = await knownDevices(trx, scope, new Set(rows.map(({ DeviceID }) => DeviceID)))
  const errors: HubError[] = []
  const taken = new Map<string, Map<number, NodeId[]> | null>()
  for (const [n, row] of rows.entries()) {
    const { DeviceID: device } = row
    const needs = taken.get(device) ?? new Map<number, NodeId[]>()
    const fault = faultOf(row, known, needs)
    if (fault) errors.push(new HubError('topology.row', { row: n + 1, ...fault }))
    if (fault || taken.get(device) === null) taken.set(device, null)
    else taken.set(device, row.Need === '' ? needs : needs.set(Number(row.Need), alternativesOf(row)))
  }
  const devices = [...taken].flatMap(([device, needs]) => (needs ? [{ device, needs }] : []))
  for (let i = 0; i < devices.length; i += slice) await replace(trx, devices.slice(i, i + slice))
  return { devices: devices.length, needs: devices.reduce((sum, { needs }) => sum + needs.size, 0), errors }
}

const alternativesOf = ({ Alternatives }: TopologyRow): NodeId[] => Alternatives.split('|').map((node) => node.trim())

type Fault = { field: string; value: string; limit: string }

function faultOf(row: TopologyRow, known: ReadonlySet<string>, needs: ReadonlyMap<number, NodeId[]>): Fault | null {
  const fault = (field: keyof TopologyRow, limit: string, value: string = row[field]) => ({ field, value, limit })
  if (!known.has(row.DeviceID)) return fault('DeviceID', 'is no device on record in your districts')
  if (row.Need === '' && row.Alternatives === '') return null
  const need = Number(row.Need)
  if (!/^\d{1,2}$/.test(row.Need) || need < 1 || need > mostNeeds) return fault('Need', `must be 1 to ${mostNeeds}`)
  if (needs.has(need)) return fault('Need', 'is there twice for this device')
  const nodes = alternativesOf(row)
  if (nodes.length > mostAlternatives) return fault('Alternatives', `may name ${mostAlternatives} at most`)
  for (const node of nodes) {
    if (!node.includes(':') || !needable.includes(kindOf(node)))
      return fault('Alternatives', `must be KIND:KEY with a kind of ${needable.join(', ')}`, node)
    if (keyOf(node) === '' || keyOf(node).length > longestKey)
      return fault('Alternatives', `must have a key of 1 to ${longestKey} characters`, node.slice(0, 200))
  }
  if (new Set(nodes).size < nodes.length) return fault('Alternatives', 'names one thing twice')
  if ([...needs.values()].some((other) => other.join('|') === nodes.join('|')))
    return fault('Alternatives', 'is there twice for this device')
  return null
}

async function knownDevices(db: Db, scope: Scope, ids: ReadonlySet<string>): Promise<Set<string>> {
  const known = new Set<string>()
  const all = [...ids]
  for (let i = 0; i < all.length; i += slice) {
    const part = all.slice(i, i + slice)
    const rows = await db.selectFrom('device').select(['id', 'district']).where('id', 'in', part).execute()
    for (const { id, district } of rows) if (inScope(scope, district)) known.add(id)
  }
  return known
}

async function replace(trx: Db, devices: readonly { device: string; needs: ReadonlyMap<number, NodeId[]> }[]) {
  await trx
    .deleteFrom('topology_need')
    .where(
      'device',
      'in',
      devices.map(({ device }) => device),
    )
    .execute()
  const rows = devices.flatMap(({ device, needs }) =>
    [...needs].map(([need, alternatives]) => ({ device, need, alternatives: JSON.stringify(alternatives) })),
  )
  for (let i = 0; i < rows.length; i += slice)
    await trx
      .insertInto('topology_need')
      .values(rows.slice(i, i + slice))
      .execute()
}
