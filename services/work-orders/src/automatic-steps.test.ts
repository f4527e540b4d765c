import { tablesOf } from '@hub/platform'
import { expect, it } from 'vitest'
import { outagesModule } from '../../outages/src/module.ts'
import { cameraId, createRig, type Rig } from '../../outages/src/testing/rig.ts'
import { repairRulesOf } from './config.ts'
import { issueWorkOrder } from './issue.ts'
import { workOrdersModule } from './module.ts'
import { everyOrder, findWorkOrder } from './queries.ts'
import { stepWorkOrder } from './steps.ts'
import type { WorkOrdersDb } from './tables.ts'

const id = '0198f2f0-0000-7000-8000-000000000001'
const li = { user: 'li', role: 'operator', scope: 'city', units: 'all' } as const
const wang = { user: 'wang', role: 'contractor', scope: 'city', units: ['电信'] } as const
const minute = 60

const own = (rig: Rig) => tablesOf<WorkOrdersDb>(rig.record)
const rulesOf = (rig: Rig) => repairRulesOf(rig.deps.config.policy)
const step = (rig: Rig, who: typeof li | typeof wang, what: 'receive' | 'done' | 'verify') =>
  own(rig).transaction((trx) => stepWorkOrder(trx, rig.deps, who, id, { step: what }, rig.clock.now(), rulesOf(rig)))
const steps = async (rig: Rig) =>
  (await findWorkOrder(own(rig).db, everyOrder, id, rig.clock.now(), rulesOf(rig))).steps.map(
    (s) => `${s.actor} ${s.step}`,
  )

/** Minutes go by; only the last one is looked at. */
async function wait(rig: Rig, minutes: number) {
  rig.clock.advance((minutes - 1) * 60_000)
  await rig.pass(minute)
}

it('each minute an order is marked overtime, told of once, and closed when it was verified', async () => {
  const rig = await createRig({
    config: { policy: { repair: { provenMinutes: 0 } } },
    modules: [outagesModule, workOrdersModule],
  })
  await own(rig).transaction((trx) =>
    issueWorkOrder(trx, rig.deps, li, { devices: [cameraId(1)] }, { id, now: rig.clock.now(), rules: rulesOf(rig) }),
  )
  const told = () => rig.told.filter((line) => line.startsWith('hub/v1/changed') && line.includes('work-orders')).length
  await wait(rig, 60)
  expect([await steps(rig), told()]).toEqual([['li issue'], 0])
  await wait(rig, 37)
  expect([await steps(rig), told()]).toEqual([['li issue', 'hub yellow'], 1])
  await wait(rig, 25)
  expect([await steps(rig), told()]).toEqual([['li issue', 'hub yellow', 'hub red'], 2])
  await step(rig, wang, 'receive')
  await step(rig, wang, 'done')
  await step(rig, li, 'verify')
  await wait(rig, 1)
  expect((await steps(rig)).slice(3)).toEqual(['wang receive', 'wang done', 'li verify', 'hub close'])
  await wait(rig, 10)
  expect(told()).toBe(3)
  expect(await findWorkOrder(own(rig).db, everyOrder, id, rig.clock.now(), rulesOf(rig))).toMatchObject({
    status: 'closed',
    overtime: 'red',
    whole: true,
  })
  await rig.stop()
})
