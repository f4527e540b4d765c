/**
 * Imported topology: what devices need beside what their records say. As a file, one row for each need:
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
import { causeKinds, HubError, inScope, limitText, type Scope } from '@hub/contracts'
import { keyOf, kindOf, type NodeId } from '@hub/core'
import type { RegistryDb as Db } from './tables.ts'

export const topologyColumns = ['DeviceID', 'Need', 'Alternatives'] as const
/** One row of the file, as text. */
export type TopologyRow = Record<(typeof topologyColumns)[number], string>
export type TopologyNeed = { device: string; need: number; alternatives: NodeId[] }

/** A device cannot need what only describes it, or how it failed. */
const describing: readonly string[] = ['device', 'flapping', 'attribute', 'moment', 'other']
const needable: readonly string[] = causeKinds.filter((kind) => !describing.includes(kind))
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
  DeviceID: device,
  Need: String(need),
  Alternatives: alternatives.join('|'),
})

/** What became of the needs of a device: `changed` names the columns that were others. */
export type TopologyOutcome = 'created' | 'unchanged' | { changed: (keyof TopologyRow)[] }

/**
 * Takes the rows of a file in: those of a device all or none. Run it in a transaction; the audit line and the message are the
 * caller's. Rows count from 1, the header not counted.
 * @returns what became of each device whose rows are good, how many needs these have, and one error for each bad row
 */
export async function importTopology(
  trx: Db,
  scope: Scope,
  rows: readonly TopologyRow[],
): Promise<{ devices: Map<string, TopologyOutcome>; needs: number; errors: HubError[] }> {
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
  const outcomes = new Map<string, TopologyOutcome>()
  for (let i = 0; i < devices.length; i += slice) {
    const some = devices.slice(i, i + slice)
    const before = await needsOf(
      trx,
      some.map(({ device }) => device),
    )
    for (const { device, needs } of some) outcomes.set(device, outcomeOf(before.get(device) ?? new Map(), needs))
    await replace(
      trx,
      some.filter(({ device }) => outcomes.get(device) !== 'unchanged'),
    )
  }
  return { devices: outcomes, needs: devices.reduce((sum, { needs }) => sum + needs.size, 0), errors }
}

type Needs = ReadonlyMap<number, readonly NodeId[]>

function outcomeOf(before: Needs, after: Needs): TopologyOutcome {
  const numbers = [...new Set([...before.keys(), ...after.keys()])]
  const moved = numbers.some((need) => before.has(need) !== after.has(need))
  const other = numbers.some((need) => before.get(need)?.join('|') !== after.get(need)?.join('|'))
  if (!other) return 'unchanged'
  if (before.size === 0) return 'created'
  return { changed: moved ? ['Need', 'Alternatives'] : ['Alternatives'] }
}

async function needsOf(db: Db, devices: readonly string[]): Promise<Map<string, Map<number, NodeId[]>>> {
  const rows = await db.selectFrom('topology_need').selectAll().where('device', 'in', devices).execute()
  const found = new Map<string, Map<number, NodeId[]>>()
  for (const { device, need, alternatives } of rows)
    found.set(device, (found.get(device) ?? new Map()).set(need, JSON.parse(alternatives)))
  return found
}

const alternativesOf = ({ Alternatives }: TopologyRow): NodeId[] => Alternatives.split('|').map((node) => node.trim())

type Fault = { field: string; value: string; limit: string }

function faultOf(row: TopologyRow, known: ReadonlySet<string>, needs: ReadonlyMap<number, NodeId[]>): Fault | null {
  const fault = (field: keyof TopologyRow, limit: string, value: string = row[field]) => ({ field, value, limit })
  if (!known.has(row.DeviceID)) return fault('DeviceID', limitText('no-device-on-record'))
  if (row.Need === '' && row.Alternatives === '') return null
  const need = Number(row.Need)
  if (!/^\d{1,2}$/.test(row.Need) || need < 1 || need > mostNeeds)
    return fault('Need', limitText('be-between', { from: 1, to: mostNeeds }))
  if (needs.has(need)) return fault('Need', limitText('twice-for-device'))
  const nodes = alternativesOf(row)
  if (nodes.length > mostAlternatives)
    return fault('Alternatives', limitText('names-at-most', { most: mostAlternatives }))
  for (const node of nodes) {
    if (!node.includes(':') || !needable.includes(kindOf(node)))
      return fault('Alternatives', limitText('needs-kind', { kinds: needable.join(', ') }), node)
    if (keyOf(node) === '' || keyOf(node).length > longestKey)
      return fault('Alternatives', limitText('needs-key', { most: longestKey }), node.slice(0, 200))
  }
  if (new Set(nodes).size < nodes.length) return fault('Alternatives', limitText('names-twice'))
  if ([...needs.values()].some((other) => other.join('|') === nodes.join('|')))
    return fault('Alternatives', limitText('twice-for-device'))
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

async function replace(trx: Db, devices: readonly { device: string; needs: Needs }[]) {
  if (devices.length === 0) return
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
