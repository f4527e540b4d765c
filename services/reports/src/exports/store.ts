/** The queue of exports. Whoever asks sees only their own; a job that a stopped hub left running is taken up again. */
import { join } from 'node:path'
import { type ExportJob, ExportRequest, HubError, limitText, type Scope } from '@hub/contracts'
import type { Kysely, Selectable } from 'kysely'
import type { ReportsData } from '../tables.ts'

type Db = Kysely<ReportsData>

/** What the worker needs of a job that it has claimed. */
export type ClaimedExport = {
  id: string
  request: ExportRequest
  scope: Scope
  /** Those that the asker saw when he asked; undefined: all of the scope. */
  devices?: readonly string[] | undefined
  requestedBy: string
}

/** Waiting and running exports of one person: more is a mistake, or an attack on the disk. */
const mostWaiting = 20

/** @throws HubError `request.invalid` when too many of the person's exports wait already */
export async function insertExport(
  db: Db,
  { id, request, scope, devices, requestedBy }: ClaimedExport,
  now: number,
): Promise<ExportJob> {
  const { waiting } = await db
    .selectFrom('export')
    .select(db.fn.countAll<number>().as('waiting'))
    .where('requested_by', '=', requestedBy)
    .where('status', 'in', ['waiting', 'running'])
    .executeTakeFirstOrThrow()
  if (waiting >= mostWaiting)
    throw new HubError('request.invalid', {
      field: 'exports',
      value: waiting,
      limit: limitText('waiting-at-once', { most: mostWaiting }),
    })
  const row = {
    id,
    request: JSON.stringify(request),
    scope: JSON.stringify(devices ? { scope, devices } : scope),
    status: 'waiting',
    progress: 0,
    row_count: 0,
    bytes: null,
    file_name: null,
    requested_by: requestedBy,
    requested_at: now,
    ended_at: null,
    problem: null,
  }
  await db.insertInto('export').values(row).execute()
  return jobOf(row)
}

/** The person's own, newest first. */
export async function listExports(db: Db, requestedBy: string): Promise<ExportJob[]> {
  const rows = await db
    .selectFrom('export')
    .selectAll()
    .where('requested_by', '=', requestedBy)
    .orderBy('requested_at', 'desc')
    .orderBy('id')
    .limit(200)
    .execute()
  return rows.map(jobOf)
}

/** @throws HubError `export.unknown` for what is not there or is another person's: the two look the same */
export async function findExport(db: Db, requestedBy: string, id: string): Promise<ExportJob> {
  const row = await db
    .selectFrom('export')
    .selectAll()
    .where('id', '=', id)
    .where('requested_by', '=', requestedBy)
    .executeTakeFirst()
  if (!row) throw new HubError('export.unknown', { value: id })
  return jobOf(row)
}

/** Undefined when it is not there, whoever asks: for the worker. */
export async function exportStatus(db: Db, id: string): Promise<ExportJob['status'] | undefined> {
  const row = await db.selectFrom('export').select('status').where('id', '=', id).executeTakeFirst()
  return row?.status as ExportJob['status'] | undefined
}

/** The file of an export that is done. @param data folder of the hub's files */
export const exportPath = (data: string, id: string, format: ExportRequest['format']): string =>
  join(data, 'exports', `${id}.${format}`)

/** Cancels what waits or runs; removes what has ended. The files are the worker's to remove. Run it in a transaction. @throws HubError `export.unknown` */
export async function cancelExport(trx: Db, requestedBy: string, id: string, now: number): Promise<void> {
  const { status } = await findExport(trx, requestedBy, id)
  if (status === 'waiting' || status === 'running')
    await trx.updateTable('export').set({ status: 'cancelled', ended_at: now }).where('id', '=', id).execute()
  else await trx.deleteFrom('export').where('id', '=', id).execute()
}

/** What a stopped hub left running waits again. */
export async function restartExports(db: Db): Promise<void> {
  await db
    .updateTable('export')
    .set({ status: 'waiting', progress: 0, row_count: 0 })
    .where('status', '=', 'running')
    .execute()
}

/** The one that has waited longest, now running. Run it in a transaction. */
export async function claimExport(trx: Db): Promise<ClaimedExport | undefined> {
  const row = await trx
    .selectFrom('export')
    .select(['id', 'request', 'scope', 'requested_by'])
    .where('status', '=', 'waiting')
    .orderBy('requested_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (!row) return undefined
  await trx.updateTable('export').set({ status: 'running' }).where('id', '=', row.id).execute()
  return {
    id: row.id,
    request: ExportRequest.parse(JSON.parse(row.request)),
    ...seenOf(JSON.parse(row.scope)),
    requestedBy: row.requested_by,
  }
}

const seenOf = (stored: Scope | { scope: Scope; devices: string[] }): Pick<ClaimedExport, 'scope' | 'devices'> =>
  typeof stored === 'object' && 'devices' in stored ? stored : { scope: stored, devices: undefined }

export type ExportEnd =
  | { status: 'done'; rows: number; bytes: number; fileName: string }
  /** `problem`: in the language of the request. */
  | { status: 'failed'; problem: string }

/** @returns false when it runs no longer: it was cancelled */
export async function putExportProgress(db: Db, id: string, progress: number, rows: number): Promise<boolean> {
  return changed(
    await db
      .updateTable('export')
      .set({ progress, row_count: rows })
      .where('id', '=', id)
      .where('status', '=', 'running')
      .executeTakeFirst(),
  )
}

/** @returns false when it ran no longer: it was cancelled, and its file is to be removed */
export async function endExport(db: Db, id: string, end: ExportEnd, now: number): Promise<boolean> {
  const { status } = end
  const outcome =
    status === 'done'
      ? { progress: 1, row_count: end.rows, bytes: end.bytes, file_name: end.fileName }
      : { problem: end.problem }
  return changed(
    await db
      .updateTable('export')
      .set({ status, ended_at: now, ...outcome })
      .where('id', '=', id)
      .where('status', '=', 'running')
      .executeTakeFirst(),
  )
}

/** The ids of all jobs whose file may exist; whatever else lies in the folder is a leftover. */
export async function idsOfExportFiles(db: Db): Promise<Set<string>> {
  const rows = await db.selectFrom('export').select('id').where('status', 'in', ['running', 'done']).execute()
  return new Set(rows.map(({ id }) => id))
}

/** Forgets what ended before an instant. */
export async function sweepExports(db: Db, endedBefore: number): Promise<void> {
  await db.deleteFrom('export').where('ended_at', '<', endedBefore).execute()
}

const changed = ({ numUpdatedRows }: { numUpdatedRows: bigint }): boolean => numUpdatedRows > 0n

function jobOf(row: Selectable<ReportsData['export']>): ExportJob {
  const { report, format } = JSON.parse(row.request) as ExportRequest
  return {
    id: row.id,
    report,
    format,
    status: row.status as ExportJob['status'],
    progress: row.progress,
    rows: row.row_count,
    bytes: row.bytes,
    fileName: row.file_name,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    endedAt: row.ended_at,
    problem: row.problem,
  }
}
