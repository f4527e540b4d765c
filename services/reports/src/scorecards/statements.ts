/** Figures that reports from outside state, shown beside the computed ones. */
import { HubError, inScope, limitText, type Scope, type Statement, StatementRow } from '@hub/contracts'
import type { Kysely } from 'kysely'
import type { ReportsData } from '../tables.ts'

type Db = Kysely<ReportsData>

/** Whose figures a viewer may make: a district's is its district's; one of the city or of a carrier reaches over all districts. */
export const ownsSubject = (scope: Scope, { kind, key }: Statement['subject']): boolean =>
  scope === 'city' || (kind === 'district' && inScope(scope, key))

/** In the order of months (latest first), subjects and names. What is stated of the city and of carriers is for everybody to see. */
export async function listStatements(db: Db, scope: Scope, month?: string): Promise<StatementRow[]> {
  let query = db.selectFrom('statement').selectAll()
  if (month !== undefined) query = query.where('month', '=', month)
  const rows = await query.orderBy('month', 'desc').orderBy('subject_kind').orderBy('subject').orderBy('what').execute()
  return rows
    .map((row) =>
      StatementRow.parse({
        what: row.what,
        month: row.month,
        subject: { kind: row.subject_kind, key: row.subject },
        value: row.value,
        source: row.source,
        enteredBy: row.entered_by,
        enteredAt: row.entered_at,
      }),
    )
    .filter(({ subject }) => subject.kind !== 'district' || inScope(scope, subject.key))
}

/** The same figure again replaces it; the audit line is the caller's. @throws HubError `request.invalid` out of scope */
export async function putStatement(
  trx: Db,
  scope: Scope,
  { what, month, subject, value, source }: Statement,
  actor: string,
  now: number,
): Promise<StatementRow> {
  if (!ownsSubject(scope, subject))
    throw new HubError('request.invalid', {
      field: 'subject.key',
      value: subject.key || subject.kind,
      limit: limitText('not-in-districts'),
    })
  const key = { what, month, subject_kind: subject.kind, subject: subject.key }
  const figure = { value, source, entered_by: actor, entered_at: now }
  await trx
    .insertInto('statement')
    .values({ ...key, ...figure })
    .onConflict((conflict) => conflict.columns(['what', 'month', 'subject_kind', 'subject']).doUpdateSet(figure))
    .execute()
  return { what, month, subject, value, source, enteredBy: actor, enteredAt: now }
}
