/** Plans over HTTP: listed, written, changed, retired. */
import { randomUUID } from 'node:crypto'
import type { Plan } from '@hub/contracts'
import { type Handlers, type RouteDeps, tablesOf } from '@hub/platform'
import type { Db, EmergencyDb } from '../tables.ts'
import { findPlan, insertNextVersion, insertPlan, listPlans, retirePlan } from './store.ts'

type Plans = Pick<Handlers, 'plans' | 'createPlan' | 'changePlan' | 'retirePlan'>

export function planHandlers(deps: RouteDeps): Plans {
  const { audit, clock, publishChange } = deps
  const record = tablesOf<EmergencyDb>(deps.record)

  /** Each of them is one transaction with its line of the audit. Plans are of the whole city. */
  async function change(
    id: string,
    what: string,
    user: string,
    work: (trx: Db, at: number) => Promise<unknown>,
  ): Promise<Plan> {
    const at = clock.now()
    const plan = await record.transaction(async (trx) => {
      await work(trx, at)
      const plan = await findPlan(trx, id)
      const detail = { name: plan.name, version: plan.version }
      await audit.append(trx, { at, actor: user, action: `plan.${what}`, subject: id, detail })
      return plan
    })
    publishChange({ what: 'linkage', id, districts: 'city' })
    return plan
  }

  return {
    plans: () => listPlans(record.db, clock.now()),
    createPlan: ({ viewer: { user }, body }) => {
      const id = randomUUID()
      return change(id, 'create', user, (trx, at) => insertPlan(trx, id, body, user, at))
    },
    changePlan: ({ viewer: { user }, params: { id }, body }) =>
      change(id, 'change', user, (trx, at) => insertNextVersion(trx, id, body, user, at)),
    retirePlan: ({ viewer: { user }, params: { id } }) => change(id, 'retire', user, (trx) => retirePlan(trx, id)),
  }
}
