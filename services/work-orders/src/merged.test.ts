import { tablesOf } from '@hub/platform'
import { expect, it, onTestFinished } from 'vitest'
import { wireTestDeps } from '../../hub/src/testing/deps.ts'
import { openRecord } from '../../hub/src/testing/record.ts'
import { consumeOutages } from './outages.ts'
import type { WorkOrdersDb } from './tables.ts'

it('an outage that goes into another takes its orders along, and no others', async () => {
  const record = await openRecord(':memory:')
  onTestFinished(() => record.close())
  const { db } = tablesOf<WorkOrdersDb>(record)
  const { deps } = wireTestDeps({ record })
  const stop = await consumeOutages(deps)
  for (const [n, outage] of ['part', 'other'].entries())
    await db
      .insertInto('work_order')
      .values({
        id: `0198f2f0-0000-7000-8000-00000000000${n}`,
        number: `GD-${n}`,
        outage,
        unit: '甲',
        carrier: null,
        districts: '["430405"]',
        status: 'issued',
        issued_by: 'li',
        issued_at: 0,
        respond_by: 1,
        repair_by: 2,
        rule: '{}',
        received_at: null,
        done_at: null,
        closed_at: null,
      })
      .execute()
  const value = { v: 1, at: 1, id: 'part', into: 'whole', members: 1, intoMembers: 9 } as const
  await record.commit(() => deps.outbox.appendAll([{ name: 'outageMerged', params: {}, value }]))
  const outages = async () =>
    (await db.selectFrom('work_order').select('outage').orderBy('number').execute()).map(({ outage }) => outage)
  await expect.poll(outages).toEqual(['whole', 'other'])
  await stop()
})
