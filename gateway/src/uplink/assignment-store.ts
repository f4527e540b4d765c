/**
 * The assignment on disk, so that a gateway restarted without the centre goes on probing: a row for each device, and which version the list is
 * of. What the centre sends is committed here before it is in force, and before the centre is told that it is held.
 *
 * WAL with `synchronous = FULL`, as the spool. What cannot be read is thrown away: the centre sends it again.
 */
import { chmodSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import {
  AssignedDevice,
  type AssignmentDigest,
  type AssignmentMessage,
  type DeviceId,
  type GatewayId,
} from '@hub/contracts'
import { emptyDigest, toggled } from '@hub/core'
import type { Log } from '@hub/platform'
import type { AssignmentChange } from '../adapters/change.ts'
import { isBusy, transaction } from '../spool/database.ts'
import { readLegacyAssignment } from './legacy-assignment.ts'

/** `whole`: a whole list is coming by ranges; up to which id it is that of version `to`. */
export type Held = { version: number; whole: { to: number; upTo: DeviceId } | undefined }

export interface AssignmentStore {
  readonly held: Held
  readonly digest: AssignmentDigest
  readonly devices: ReadonlyMap<DeviceId, AssignedDevice>
  /**
   * What the message changes, on disk when this returns. Undefined: it does not follow on what is held, and nothing is changed.
   * @throws when the disk refuses: then nothing is changed either
   */
  take(message: AssignmentMessage): AssignmentChange | undefined
  close(): void
}

type Planned = AssignmentChange & { next: Held }

/** @param legacy path of the JSON file that held the list before: taken over where there is none, and left as it is. @throws when another process holds the file */
export function openAssignmentStore(options: {
  path: string
  legacy: string
  gateway: GatewayId
  log: Log
}): AssignmentStore {
  const { path, legacy, gateway, log } = options
  const { db, held: stored, devices } = openOrBegin(path, gateway, log)
  let held = stored
  let digest = [...devices.values()].reduce(toggled, emptyDigest)
  const sql = {
    put: db.prepare(
      'INSERT INTO assigned (id, device) VALUES (?, ?) ON CONFLICT DO UPDATE SET device = excluded.device',
    ),
    drop: db.prepare('DELETE FROM assigned WHERE id = ?'),
    held: db.prepare('UPDATE held SET version = ?, whole_to = ?, whole_up_to = ?'),
    range: db.prepare('SELECT id FROM assigned WHERE id > ? AND id <= ?'),
  }

  const commit = ({ put, drop, next }: Planned) => {
    transaction(db, () => {
      for (const id of drop) sql.drop.run(id)
      for (const device of put) sql.put.run(device.id, JSON.stringify(device))
      sql.held.run(next.version, next.whole?.to ?? null, next.whole?.upTo ?? null)
    })
    for (const id of drop) leave(id)
    for (const device of put) {
      leave(device.id)
      devices.set(device.id, device)
      digest = toggled(digest, device)
    }
    held = next
  }
  const leave = (id: DeviceId) => {
    const before = devices.get(id)
    if (before) digest = toggled(digest, before)
    devices.delete(id)
  }

  const differing = (list: readonly AssignedDevice[]) =>
    list.filter((device) => !isSame(devices.get(device.id), device))

  const plan = (message: AssignmentMessage): Planned | undefined => {
    if (message.v === 1) {
      const ids = new Set(message.devices.map(({ id }) => id))
      const drop = [...devices.keys()].filter((id) => !ids.has(id))
      return { put: differing(message.devices), drop, next: { version: message.version, whole: undefined } }
    }
    const { from, to, range, put } = message
    if (!range) {
      // One that was overtaken would take things back.
      if (held.version < from || held.version > to) return undefined
      const drop = message.drop.filter((id) => devices.has(id))
      return { put: differing(put), drop, next: { ...held, version: to } }
    }
    const { after, upTo } = range
    const follows = after === null || (held.whole?.to === to && held.whole.upTo === after)
    if (!follows) return undefined
    const ids = new Set(put.map(({ id }) => id))
    const there = sql.range.all(after ?? '', upTo ?? '~') as { id: DeviceId }[]
    const drop = there.map(({ id }) => id).filter((id) => !ids.has(id))
    const next = upTo === null ? { version: to, whole: undefined } : { version: held.version, whole: { to, upTo } }
    return { put: differing(put), drop, next }
  }

  const take: AssignmentStore['take'] = (message) => {
    const planned = plan(message)
    if (!planned) return undefined
    const { put, drop, next } = planned
    if (put.length > 0 || drop.length > 0 || JSON.stringify(next) !== JSON.stringify(held)) commit(planned)
    return { put, drop }
  }

  if (held.version === 0 && held.whole === undefined && devices.size === 0) {
    const before = readLegacyAssignment(legacy, gateway, log)
    if (before) take(before)
  }

  return {
    get held() {
      return held
    },
    get digest() {
      return digest
    },
    devices,
    take,
    close: () => db.close(),
  }
}

/** Their fields are text and numbers. */
function isSame(a: AssignedDevice | undefined, b: AssignedDevice): boolean {
  if (!a) return false
  const [left, right] = [a, b].map((device) => Object.entries(device).filter(([, value]) => value !== undefined))
  const of: { [field: string]: unknown } = Object.fromEntries(left!)
  return left!.length === right!.length && right!.every(([field, value]) => of[field] === value)
}

type Opened = { db: DatabaseSync; held: Held; devices: Map<DeviceId, AssignedDevice> }

/** What is there, or an empty file in its place. */
function openOrBegin(path: string, gateway: GatewayId, log: Log): Opened {
  try {
    return open(path, gateway, log)
  } catch (error) {
    // Another process has it: what stands there is in force.
    if (isBusy(error)) throw error
    log.warn(
      { path, reason: String(error).slice(0, 200) },
      'the stored assignment cannot be read: waiting for the centre',
    )
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
    return open(path, gateway, log)
  }
}

function open(path: string, gateway: GatewayId, log: Log): Opened {
  const db = new DatabaseSync(path)
  try {
    // It holds digests of passwords.
    chmodSync(path, 0o600)
    db.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS held (
        id INTEGER PRIMARY KEY CHECK (id = 1), gateway TEXT NOT NULL, version INTEGER NOT NULL, whole_to INTEGER, whole_up_to TEXT
      ) STRICT;
      CREATE TABLE IF NOT EXISTS assigned (id TEXT PRIMARY KEY, device TEXT NOT NULL) STRICT, WITHOUT ROWID;
    `)
    db.prepare('INSERT INTO held (id, gateway, version) VALUES (1, ?, 0) ON CONFLICT DO NOTHING').run(gateway)
    const row = db.prepare('SELECT gateway, version, whole_to, whole_up_to FROM held').get() as {
      gateway: string
      version: number
      whole_to: number | null
      whole_up_to: string | null
    }
    if (row.gateway !== gateway) {
      log.warn({ path, of: row.gateway }, 'the stored assignment is of another gateway: not used')
      transaction(db, () => {
        db.exec('DELETE FROM assigned')
        db.prepare('UPDATE held SET gateway = ?, version = 0, whole_to = NULL, whole_up_to = NULL').run(gateway)
      })
      return { db, held: { version: 0, whole: undefined }, devices: new Map() }
    }
    const devices = new Map<DeviceId, AssignedDevice>()
    for (const { id, device } of db.prepare('SELECT id, device FROM assigned').iterate() as Iterable<{
      id: string
      device: string
    }>)
      devices.set(id, AssignedDevice.parse(JSON.parse(device)))
    const whole =
      row.whole_to === null || row.whole_up_to === null ? undefined : { to: row.whole_to, upTo: row.whole_up_to }
    return { db, held: { version: row.version, whole }, devices }
  } catch (error) {
    db.close()
    throw error
  }
}
