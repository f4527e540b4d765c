/** Figures stated from outside. Those of a district are for whoever sees it; those of the city and of a carrier speak of all districts. */
import { HubError, inScope, type Scope, type StatementRow } from '@hub/contracts'
import type { RecordTables } from '@hub/platform'
import type { Kysely } from 'kysely'

type Db = Kysely<RecordTables>
type Subject = StatementRow['subject']

const mayEnter = (scope: Scope, { kind, key }: Subject): boolean =>
  scope === 'city' || (kind === 'district' && inScope(scope, key))

/** Newest month first. */
export async function listStatements(db: Db, scope: Scope, month: string | undefined): Promise<StatementRow[]> {
  let query = db.selectFrom('statement').selectAll()
  if (month) query = query.where('month', '=', month)
  const rows = await query.orderBy('month', 'desc').orderBy('what').orderBy('subject_kind').orderBy('subject').execute()
  return rows
    .map(
      (r) =>
        ({
          ...{ what: r.what, month: r.month, subject: { kind: r.subject_kind, key: r.subject }, value: r.value },
          ...{ source: r.source, enteredBy: r.entered_by, enteredAt: r.entered_at },
        }) as StatementRow,
    )
    .filter(({ subject }) => subject.kind !== 'district' || inScope(scope, subject.key))
}

/** @throws HubError `request.invalid` when it speaks of more than the viewer's districts. */
export async function putStatement(db: Db, scope: Scope, row: StatementRow): Promise<void> {
  const { subject } = row
  if (!mayEnter(scope, subject))
    throw new HubError('request.invalid', {
      field: 'subject.key',
      value: subject.key || subject.kind,
      limit: 'is not in your districts',
    })
  const said = { value: row.value, source: row.source, entered_by: row.enteredBy, entered_at: row.enteredAt }
  await db
    .insertInto('statement')
    .values({ what: row.what, month: row.month, subject_kind: subject.kind, subject: subject.key, ...said })
    .onConflict((c) => c.columns(['what', 'month', 'subject_kind', 'subject']).doUpdateSet(said))
    .execute()
}
