/** Jobs of exports, as their owner sees them. */
import type { ExportJob, ExportRequest, Scope } from '@hub/contracts'
import type { RecordTables } from '@hub/platform'
import type { Kysely, Selectable } from 'kysely'

type Db = Kysely<RecordTables>

/** Newest so many are listed. */
const listed = 200

const jobOf = (r: Selectable<RecordTables['export']>): ExportJob => {
  const { report, format } = JSON.parse(r.request) as ExportRequest
  return {
    ...{ id: r.id, report, format, status: r.status as ExportJob['status'], progress: r.progress, rows: r.row_count },
    ...{ bytes: r.bytes, fileName: r.file_name, requestedBy: r.requested_by, requestedAt: r.requested_at },
    ...{ endedAt: r.ended_at, problem: r.problem },
  }
}

export async function listExports(db: Db, user: string): Promise<ExportJob[]> {
  const rows = await db
    .selectFrom('export')
    .selectAll()
    .where('requested_by', '=', user)
    .orderBy('requested_at', 'desc')
    .orderBy('id')
    .limit(listed)
    .execute()
  return rows.map(jobOf)
}

/** Undefined when there is none, or when somebody else asked for it: the two look the same. */
export async function findExport(db: Db, user: string, id: string): Promise<{ job: ExportJob } | undefined> {
  const row = await db
    .selectFrom('export')
    .selectAll()
    .where('id', '=', id)
    .where('requested_by', '=', user)
    .executeTakeFirst()
  return row && { job: jobOf(row) }
}

type NewExport = { id: string; request: ExportRequest; scope: Scope; user: string; now: number }

export async function putExport(db: Db, { id, request, scope, user, now }: NewExport): Promise<void> {
  await db
    .insertInto('export')
    .values({
      ...{ id, request: JSON.stringify(request), scope: JSON.stringify(scope), status: 'waiting', progress: 0 },
      ...{ row_count: 0, bytes: null, file_name: null, requested_by: user, requested_at: now },
      ...{ ended_at: null, problem: null },
    })
    .execute()
}

/** Whoever runs it sees that it is cancelled, stops and removes what it has written. */
export async function cancelExport(db: Db, id: string, now: number): Promise<void> {
  await db.updateTable('export').set({ status: 'cancelled', ended_at: now }).where('id', '=', id).execute()
}
