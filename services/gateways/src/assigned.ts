/** What is assigned, read: of one gateway, and never more than one message holds. */
import {
  type AssignedDevice,
  type AssignmentDelta,
  type AssignmentDigest,
  type DeviceId,
  type GatewayId,
  mostDeltaDevices,
} from '@hub/contracts'
import { emptyDigest } from '@hub/core'
import type { GatewaysDb } from './tables.ts'

export type AssignedRow = {
  id: string
  kind: string
  xaddr: string | null
  endpoint: string | null
  credential: string | null
  every_ms: number
  password_hash: string | null
}

/** What a gateway is told: of approved cameras, and of sensors that hold a credential. The order of the fields is that of the stored text. */
export function assignedOf(row: AssignedRow): AssignedDevice | undefined {
  const { id, xaddr, endpoint, credential, every_ms: every, password_hash: passwordHash } = row
  if (row.kind === 'sensor') return passwordHash === null ? undefined : { kind: 'sensor', id, passwordHash, every }
  if (xaddr === null || credential === null) return undefined
  return { kind: 'camera', id, xaddr, credential, every, ...(endpoint !== null && { endpoint }) }
}

/** The assignment in force: which version, and the digest of its list. `pruned`: a list older than this cannot be brought up to date by what has changed. */
export type InForce = { version: number; digest: AssignmentDigest; pruned: number }

/** Undefined: no such gateway. */
export async function readInForce(db: GatewaysDb, gateway: GatewayId): Promise<InForce | undefined> {
  const row = await db
    .selectFrom('gateway')
    .select(['assignment_version as version', 'assignment_digest as digest', 'assignment_pruned as pruned'])
    .where('id', '=', gateway)
    .executeTakeFirst()
  return row && { ...row, digest: row.digest ?? emptyDigest }
}

/** The whole list, for a gateway that takes nothing else. */
export async function readAssigned(db: GatewaysDb, gateway: GatewayId): Promise<AssignedDevice[]> {
  const rows = await db
    .selectFrom('assigned_device')
    .select('assigned')
    .where('gateway', '=', gateway)
    .where('assigned', 'is not', null)
    .orderBy('device')
    .execute()
  return rows.map(({ assigned }) => JSON.parse(assigned!) as AssignedDevice)
}

/** Rows of one message: devices, and the bytes of what is put. A single device always fits. */
export type PartLimits = { devices: number; bytes: number }
export const partLimits: PartLimits = { devices: mostDeltaDevices, bytes: 128 * 1024 }

type Row = { device: DeviceId; version: number; assigned: string | null }

/**
 * What has changed after version `from`, as much of it as fits. Undefined when what changed with one version alone does not fit:
 * the whole list can be told in parts all the same.
 */
export async function readDelta(
  db: GatewaysDb,
  gateway: GatewayId,
  { from, inForce, limits = partLimits }: { from: number; inForce: InForce; limits?: PartLimits },
): Promise<AssignmentDelta | undefined> {
  const rows: Row[] = await db
    .selectFrom('assigned_device')
    .select(['device', 'version', 'assigned'])
    .where('gateway', '=', gateway)
    .where('version', '>', from)
    // Another process may have written since the version was read.
    .where('version', '<=', inForce.version)
    .orderBy('version')
    .limit(limits.devices + 1)
    .execute()
  const fit = fitting(rows, limits)
  const whole = fit === rows.length
  // Of rows with the same version either all go or none.
  const next = rows[fit]?.version
  const part = whole ? rows : rows.slice(0, fit).filter(({ version }) => version !== next)
  if (part.length === 0 && !whole) return undefined
  const to = whole ? inForce.version : part.at(-1)!.version
  return { v: 2, gateway, from, to, ...asChange(part), ...(whole && { digest: inForce.digest }) }
}

/** What the list holds beyond the id `after` (null: from the first on), as much of it as fits. */
export async function readRange(
  db: GatewaysDb,
  gateway: GatewayId,
  {
    after,
    to,
    inForce,
    limits = partLimits,
  }: { after: DeviceId | null; to: number; inForce: InForce; limits?: PartLimits },
): Promise<AssignmentDelta> {
  const rows: Row[] = await db
    .selectFrom('assigned_device')
    .select(['device', 'version', 'assigned'])
    .where('gateway', '=', gateway)
    .where('device', '>', after ?? '')
    .orderBy('device')
    .limit(limits.devices + 1)
    .execute()
  const fit = fitting(rows, limits)
  const whole = fit === rows.length
  const part = rows.slice(0, fit)
  const range = { after, upTo: whole ? null : part.at(-1)!.device }
  // Whatever else the gateway holds in the range it drops by itself.
  const { put } = asChange(part)
  const isLast = whole && to === inForce.version
  return { v: 2, gateway, from: 0, to, range, put, drop: [], ...(isLast && { digest: inForce.digest }) }
}

/**
 * Forgets what was taken away with version `upTo` or before: the gateway knows. Run it in a transaction.
 * @returns how many were forgotten
 */
export async function prune(trx: GatewaysDb, gateway: GatewayId, upTo: number): Promise<number> {
  const { numDeletedRows } = await trx
    .deleteFrom('assigned_device')
    .where('gateway', '=', gateway)
    .where('assigned', 'is', null)
    .where('version', '<=', upTo)
    .executeTakeFirst()
  if (numDeletedRows > 0n)
    await trx.updateTable('gateway').set({ assignment_pruned: upTo }).where('id', '=', gateway).execute()
  return Number(numDeletedRows)
}

function fitting(rows: readonly Row[], limits: PartLimits): number {
  let bytes = 0
  for (const [index, { assigned }] of rows.entries()) {
    bytes += (assigned === null ? 22 : Buffer.byteLength(assigned)) + 1
    if (index === limits.devices || (index > 0 && bytes > limits.bytes)) return index
  }
  return rows.length
}

const asChange = (rows: readonly Row[]) => ({
  put: rows.flatMap(({ assigned }) => (assigned === null ? [] : [JSON.parse(assigned) as AssignedDevice])),
  drop: rows.flatMap(({ device, assigned }) => (assigned === null ? [device] : [])),
})
