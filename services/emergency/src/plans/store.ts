/** Plans in their versions: the latest is offered, each is kept. */
import { HubError, limitText, type Plan, type PlanDraft, type PlanList } from '@hub/contracts'
import type { Db } from '../tables.ts'

const latest = (db: Db) =>
  db
    .selectFrom('plan as p')
    .innerJoin('plan_version as v', (join) => join.onRef('v.plan', '=', 'p.id').onRef('v.version', '=', 'p.version'))
    .select(['p.id', 'p.version', 'p.retired', 'v.draft', 'v.at', 'v.by'])

const planOfRow = ({
  draft,
  retired,
  ...row
}: Awaited<ReturnType<ReturnType<typeof latest>['execute']>>[number]): Plan => ({
  ...(JSON.parse(draft) as PlanDraft),
  ...row,
  retired: retired === 1,
})

/** Those that are offered first, by name. */
export async function listPlans(db: Db, now: number): Promise<PlanList> {
  const plans = (await latest(db).execute()).map(planOfRow)
  plans.sort(
    (a, b) => Number(a.retired) - Number(b.retired) || a.name.localeCompare(b.name, 'zh') || (a.id < b.id ? -1 : 1),
  )
  return { asOf: now, plans }
}

/** @throws HubError `plan.unknown` */
export async function findPlan(db: Db, id: string): Promise<Plan> {
  const row = await latest(db).where('p.id', '=', id).executeTakeFirst()
  if (!row) throw new HubError('plan.unknown', { value: id })
  return planOfRow(row)
}

export async function insertPlan(trx: Db, id: string, draft: PlanDraft, by: string, at: number): Promise<void> {
  await trx.insertInto('plan').values({ id, version: 1, retired: 0 }).execute()
  await insertVersion(trx, id, 1, draft, by, at)
}

/** @throws HubError `plan.unknown`, `request.invalid` for one that is retired */
export async function insertNextVersion(
  trx: Db,
  id: string,
  draft: PlanDraft,
  by: string,
  at: number,
): Promise<number> {
  const { version, retired, name } = await findPlan(trx, id)
  if (retired) throw retiredPlan(name)
  const next = version + 1
  await insertVersion(trx, id, next, draft, by, at)
  await trx.updateTable('plan').set({ version: next }).where('id', '=', id).execute()
  return next
}

const insertVersion = (trx: Db, plan: string, version: number, draft: PlanDraft, by: string, at: number) =>
  trx
    .insertInto('plan_version')
    .values({ plan, version, draft: JSON.stringify(draft), at, by })
    .execute()

export const retirePlan = (trx: Db, id: string) =>
  trx.updateTable('plan').set({ retired: 1 }).where('id', '=', id).execute()

export const retiredPlan = (name: string) =>
  new HubError('request.invalid', { field: 'plan', value: name, limit: limitText('plan-retired') })
