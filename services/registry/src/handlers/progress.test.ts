import { expect, it } from 'vitest'
import { camera, cameraA, cameraB, startHub } from '../../../hub/src/testing/hub.ts'

const cameraA2 = '43040500001320000002'

it('progress: stages against the plan, of the viewer’s districts', async () => {
  const hub = await startHub()
  await hub.importRecords([
    camera(cameraA, { plannedAt: '2026-06-01', installTime: '2026-06-20', inServiceAt: '2026-08-01' } as never),
    camera(cameraA2, { stage: 'planned', carrier: 'mobile', plannedAt: '2026-12-01' } as never),
    camera(cameraB, { stage: 'built', installTime: '2026-07-01' } as never),
  ])
  const { json } = await hub.ask('oper', 'progress')
  expect(json.total).toMatchObject({ planned: 3, built: 2, inService: 1, due: 2, late: 1 })
  expect(json.groups.map((g: { key: string }) => g.key)).toEqual(['430405', '430426'])
  expect(json.curve.at(-1)).toMatchObject({ day: '2027-01-15', planned: 3, built: 2, inService: 1 })
  const own = await hub.ask('oper-a', 'progress', { query: '?by=carrier' })
  expect(own.json.groups).toMatchObject([
    { key: 'mobile', planned: 1 },
    { key: 'telecom', planned: 1 },
  ])
  expect((await hub.ask('oper-a', 'progress', { query: '?district=430426' })).json.total.planned).toBe(0)
  await hub.stop()
})
