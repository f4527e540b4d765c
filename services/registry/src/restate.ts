/**
 * What is said anew of the past of the record, once it is approved, or withdrawn: the one writer of tenures beside the triggers. In the
 * transaction that takes it from the outbox, with an audit line for each device, field by field.
 */
import type { RecordChange } from '@hub/contracts'
import { dayOf, restate, type Tenure } from '@hub/core'
import { type AuditPort, type Consumer, type Deps, tablesIn } from '@hub/platform'
import { type Selectable, sql } from 'kysely'
import { tenuresOf } from './device-detail.ts'
import { createRegistryChanged } from './registry-changed.ts'
import type { RegistryData, RegistryDb, RegistryTables } from './tables.ts'

type Row = Selectable<RegistryTables['device_tenure']>
type Stated = Row & Tenure

const columns = {
  carrier: 'carrier',
  application: 'application',
  pointType: 'point_type',
  project: 'project',
  zone: 'zone',
  maintainer: 'maintainer',
  pole: 'pole',
  feed: 'feed',
} as const satisfies { [field in Exclude<keyof RecordChange, 'due'>]-?: keyof Row }
type Field = keyof typeof columns

type Statement = {
  device: string
  from: number
  to: number
  change: RecordChange
  adjustment: string
  holds: boolean
  user: string
  now: number
}

export const decisions = {
  name: 'registry',
  messages: ['recordChangeDecided'],
} as const satisfies Pick<Consumer, 'name' | 'messages'>

/** @returns the stop */
export function consumeDecisions(deps: Deps): Promise<() => Promise<void>> {
  const registryChanged = createRegistryChanged(deps)
  return deps.outbox.consume({
    ...decisions,
    async take(trx, { value: { devices, at: now, ...statement } }) {
      const own = tablesIn<RegistryData>(trx)
      for (const device of devices) await stateAnew(own, { ...statement, device, now }, deps.audit)
      await registryChanged(own, devices)
    },
  })
}

/** Taken twice it changes nothing: what is said is known by its adjustment. */
export async function stateAnew(db: RegistryDb, statement: Statement, audit: AuditPort): Promise<void> {
  const { device, from, to, adjustment, holds, user, now } = statement
  const before = (await tenuresOf(db, device)).map(stated)
  const said = await db
    .selectFrom('device_statement')
    .select(['said_at', 'adjustment'])
    .where('device', '=', device)
    .orderBy('said_at')
    .execute()
  const own = said.filter((one) => one.adjustment === adjustment)
  if (before.length === 0 || own.length !== (holds ? 0 : 1)) return
  const after = holds
    ? restate(before, restatement(statement), sameAttributes)
    : await asBefore(db, before, { device, from, to, saidAt: own[0]!.said_at })
  const saidAt = Math.max(now, said.at(-1)!.said_at + 1)
  await replace(db, before, after, saidAt)
  await db
    .insertInto('device_statement')
    .values({ device, said_at: saidAt, from_at: from, to_at: to, adjustment, seeded: 0 })
    .execute()
  await followDates(db, device, after, now)
  await noteChange(db, device)
  await audit.append(db, {
    at: now,
    actor: user,
    action: holds ? 'device.restate' : 'device.unstate',
    subject: device,
    detail: { adjustment, from, to, fields: differences(before, after) },
  })
}

const stated = (row: Row): Stated => ({
  ...row,
  since: row.valid_from,
  until: row.valid_to,
  from: row.in_service_from,
  to: row.in_service_to,
})

const fields = Object.keys(columns) as Field[]

function restatement({ from, to, change }: Statement) {
  const { due, ...values } = change
  const set = Object.fromEntries(
    fields.flatMap((field) => {
      const value = values[field]
      if (value === undefined) return []
      return [[columns[field], value === '' && (field === 'pole' || field === 'feed') ? null : value]]
    }),
  )
  return { from, to, due, set: (tenure: Stated): Stated => ({ ...tenure, ...set }) }
}

const held = [...Object.values(columns), 'district', 'kind', 'stage'] as const
const sameAttributes = (a: Row, b: Row): boolean => held.every((column) => a[column] === b[column])

/** The stretch as it was known before the saying that is withdrawn. */
async function asBefore(
  db: RegistryDb,
  now: readonly Stated[],
  { device, from, to, saidAt }: { device: string; from: number; to: number; saidAt: number },
): Promise<Stated[]> {
  const rows = await db
    .selectFrom('device_tenure')
    .selectAll()
    .where('device', '=', device)
    .where('said_at', '<', saidAt)
    .where((where) => where.or([where('superseded_at', 'is', null), where('superseded_at', '>=', saidAt)]))
    .orderBy('valid_from')
    .execute()
  return rows.map(stated).reduce<Stated[]>(
    (all, was) => {
      const span = { from: Math.max(from, was.since), to: Math.min(to, was.until ?? to) }
      if (span.from >= span.to) return all
      const attributes = Object.fromEntries(held.map((column) => [column, was[column]]))
      const without = restate(
        all,
        { ...span, due: false, set: (tenure) => ({ ...tenure, ...attributes }) },
        sameAttributes,
      )
      const due = { from: Math.max(span.from, was.from ?? span.to), to: Math.min(span.to, was.to ?? span.to) }
      if (due.from >= due.to) return without
      return restate(without, { ...due, due: true, set: (tenure) => tenure }, sameAttributes)
    },
    [...now],
  )
}

/** Rows are never edited: those that hold no longer are superseded, new ones are said. */
async function replace(db: RegistryDb, before: readonly Stated[], after: readonly Stated[], saidAt: number) {
  const key = ({ since, until, from, to, ...row }: Stated) =>
    JSON.stringify([since, until, from, to, held.map((c) => row[c])])
  const [old, is] = [new Set(before.map(key)), new Set(after.map(key))]
  for (const row of before.filter((row) => !is.has(key(row))))
    await db
      .updateTable('device_tenure')
      .set({ superseded_at: saidAt })
      .where('device', '=', row.device)
      .where('valid_from', '=', row.valid_from)
      .where('said_at', '=', row.said_at)
      .execute()
  const added = after.filter((row) => !old.has(key(row)))
  if (added.length > 0)
    await db
      .insertInto('device_tenure')
      .values(added.map((row) => rowOf(row, saidAt)))
      .execute()
}

function rowOf({ since, until, from, to, ...row }: Stated, saidAt: number): Row {
  return {
    ...row,
    valid_from: since,
    valid_to: until,
    said_at: saidAt,
    superseded_at: null,
    in_service_from: from,
    in_service_to: to,
  }
}

/** The device's own row goes on saying from when to when it was due, and its record the dates of it. */
async function followDates(db: RegistryDb, device: string, tenures: readonly Stated[], now: number): Promise<void> {
  const due = tenures.filter(({ from }) => from !== null)
  const next = { in_service_from: due[0]?.from ?? null, in_service_to: due.at(-1)?.to ?? null }
  const row = await db
    .selectFrom('device')
    .select(['record', 'in_service_from', 'in_service_to', 'updated_at'])
    .where('id', '=', device)
    .executeTakeFirst()
  if (!row || (row.in_service_from === next.in_service_from && row.in_service_to === next.in_service_to)) return
  const record = JSON.parse(row.record)
  if (next.in_service_from !== null && next.in_service_from !== row.in_service_from)
    record.inServiceAt = dayOf(next.in_service_from)
  if (next.in_service_to !== null && next.in_service_to !== row.in_service_to)
    record.retiredAt = dayOf(next.in_service_to)
  await db
    .updateTable('device')
    .set({ ...next, record: JSON.stringify(record), updated_at: Math.max(now, row.updated_at + 1) })
    .where('id', '=', device)
    .execute()
}

/** As the triggers note what changes on `device` itself: whoever keeps a judgement of the device makes it again. */
const noteChange = (db: RegistryDb, device: string) =>
  db
    .insertInto('device_change')
    .values({
      device,
      revision: sql<number>`(SELECT coalesce(max(revision), 0) + 1 FROM device_change)`,
    })
    .onConflict((conflict) =>
      conflict.column('device').doUpdateSet((row) => ({ revision: row.ref('excluded.revision') })),
    )
    .execute()

/** What was so when, and what is so now: for the audit. */
function differences(before: readonly Stated[], after: readonly Stated[]) {
  const edges = [...new Set([...before, ...after].flatMap((t) => [t.since, t.from, t.to]))].filter((at) => at !== null)
  edges.sort((a, b) => a - b)
  const valueAt = (tenures: readonly Stated[], at: number, field: Field | 'due') => {
    const tenure = tenures.find(({ since, until }) => since <= at && (until ?? Number.POSITIVE_INFINITY) > at)
    if (!tenure) return null
    if (field !== 'due') return tenure[columns[field]]
    return tenure.from !== null && tenure.from <= at && (tenure.to ?? Number.POSITIVE_INFINITY) > at
  }
  return ([...fields, 'due'] as const).flatMap((field) =>
    edges.flatMap((from, i) => {
      const [was, is] = [valueAt(before, from, field), valueAt(after, from, field)]
      return was === is ? [] : [{ field, from, to: edges[i + 1] ?? null, was, is }]
    }),
  )
}
