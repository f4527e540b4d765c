/**
 * Once, after an upgrade: records that were taken in before the doors refused what nobody can see (U+202E, NUL) lose it. In the Record, for
 * every room reads it, and not at the exits, of which some say what was sealed and must not be touched; by a change like any other, so that
 * its history keeps what was, and copies in other rooms follow. The next import of the same file would do the same.
 */
import { type DeviceId, type DeviceRecord, namedDevices, recordFieldNames, recordFields } from '@hub/contracts'
import { plainValue } from '@hub/core'
import { type Deps, settingsOf, tablesOf, yieldToEventLoop } from '@hub/platform'
import { recordPages } from './device-list.ts'
import { putRecords } from './records.ts'
import { createRegistryChanged } from './registry-changed.ts'
import type { RegistryData, RegistryDb } from './tables.ts'

const done = 'plain-records'
const page = 500
/** Records in one transaction: ingest waits for it at most. */
const chunk = 50
const required = new Set<string>(
  recordFieldNames.filter((name) => 'required' in recordFields[name] && recordFields[name].required === true),
)

export async function plainRecords(deps: Pick<Deps, 'audit' | 'clock' | 'log' | 'outbox' | 'record'>): Promise<void> {
  const { audit, clock, log, outbox } = deps
  const record = tablesOf<RegistryData>(deps.record)
  const settings = settingsOf(deps.record.sqlite, 'registry')
  if (settings.get(done) !== undefined) return
  const registryChanged = createRegistryChanged(deps)
  const written: DeviceId[] = []
  let refused = 0
  for await (const records of recordPages(record.db, { scope: 'city', devices: 'all' }, page)) {
    const plain = records.flatMap((old) => {
      const made = plainRecord(old)
      return made === old ? [] : [made]
    })
    for (let i = 0; i < plain.length; i += chunk) {
      const some = plain.slice(i, i + chunk)
      const put = await record.transaction((trx) => putRecords(trx, some, { now: clock.now(), scope: 'city' }))
      written.push(...put.devices)
      refused += put.refused.size
      await yieldToEventLoop()
    }
  }
  if (refused > 0) log.warn({ refused }, 'records with hidden characters contradict themselves and stay as they are')
  for (const devices of namedDevices(written)) await record.transaction((trx) => registryChanged(trx, devices))
  await record.transaction(async (trx) => {
    const needs = await plainNeeds(trx)
    settings.put(done, String(clock.now()))
    if (written.length + needs === 0) return
    const at = clock.now()
    if (needs > 0) await outbox.append(trx, 'topology.changed', {}, { v: 1, at })
    const detail = { changed: written.length, refused, needs }
    await audit.append(trx, { at, actor: 'hub', action: 'registry.plain', subject: 'registry', detail })
  })
}

/** A field of nothing else is left out where it may be, and left alone where it must not. */
function plainRecord(old: DeviceRecord): DeviceRecord {
  const plain = plainValue(old)
  if (plain === old) return old
  const kept = Object.entries(plain).flatMap(([field, value]) => {
    if (typeof value !== 'string' || value.trim() !== '') return [[field, value]]
    return required.has(field) ? [[field, old[field as keyof DeviceRecord]]] : []
  })
  return Object.fromEntries(kept) as DeviceRecord
}

/** Keys are those of the record. @returns how many were others */
async function plainNeeds(trx: RegistryDb): Promise<number> {
  const rows = await trx.selectFrom('topology_need').selectAll().execute()
  let changed = 0
  for (const { device, need, alternatives } of rows) {
    const plain = JSON.stringify(plainValue(JSON.parse(alternatives)))
    if (plain === alternatives) continue
    changed++
    await trx
      .updateTable('topology_need')
      .set({ alternatives: plain })
      .where('device', '=', device)
      .where('need', '=', need)
      .execute()
  }
  return changed
}
