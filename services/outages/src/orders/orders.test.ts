import { everyOrder, findWorkOrder, issueWorkOrder, repairRulesOf, stepWorkOrder } from '@hub/platform'
import { expect, it } from 'vitest'
import { cameraId, createRig, type Rig } from '../testing/rig.ts'

const id = '0198f2f0-0000-7000-8000-000000000001'
const li = { user: 'li', role: 'operator', scope: 'city', units: 'all' } as const
const wang = { user: 'wang', role: 'contractor', scope: 'city', units: ['电信'] } as const
const minute = 60

const rulesOf = (rig: Rig) => repairRulesOf(rig.deps.config.policy)
const step = (rig: Rig, who: typeof li | typeof wang, what: 'receive' | 'done' | 'verify') =>
  rig.record.transaction((trx) => stepWorkOrder(trx, who, id, { step: what }, rig.clock.now(), rulesOf(rig)))
const steps = async (rig: Rig) =>
  (await findWorkOrder(rig.record.db, everyOrder, id, rig.clock.now(), rulesOf(rig))).steps.map(
    (s) => `${s.actor} ${s.step}`,
  )

/** Minutes go by; only the last one is looked at. */
async function wait(rig: Rig, minutes: number) {
  rig.clock.advance((minutes - 1) * 60_000)
  await rig.pass(minute)
}

it('each minute an order is marked overtime, told of once, and closed when it was verified', async () => {
  const rig = await createRig({ config: { policy: { repair: { provenMinutes: 0 } } } })
  await rig.record.transaction((trx) =>
    issueWorkOrder(trx, li, { devices: [cameraId(1)] }, { id, now: rig.clock.now(), rules: rulesOf(rig) }),
  )
  const told = () => rig.told.filter((line) => line.startsWith('hub/v1/work-orders/changed')).length
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
  expect(await findWorkOrder(rig.record.db, everyOrder, id, rig.clock.now(), rulesOf(rig))).toMatchObject({
    ...{ status: 'closed', overtime: 'red', whole: true },
  })
  await rig.stop()
})
