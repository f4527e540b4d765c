import type { DeviceState } from '@hub/contracts'
import { createMetrics } from '@hub/platform'
import { expect, test } from 'vitest'
import { createRateGauges } from './metrics.ts'
import { createLiveModel, type LiveDevice } from './model.ts'

let serial = 0
const device = (district: string, state: DeviceState): LiveDevice => ({
  id: `${district}0000132000${String(serial++).padStart(4, '0')}`,
  name: '',
  kind: 'camera',
  district,
  application: 'safe-city',
  carrier: 'telecom',
  maintainer: null,
  pole: null,
  feed: null,
  stage: 'in-service',
  state,
  since: 1,
  exempt: false,
})

test('each district has its online rate; one of which nothing is known has none, and loses the one that it had', async () => {
  const metrics = createMetrics()
  const model = createLiveModel()
  const measure = createRateGauges(metrics, model)
  const down = device('430481', 'down')
  model.load([device('430405', 'up'), device('430405', 'up'), device('430405', 'unknown'), down], 1)
  measure()
  const text = await metrics.text()
  expect(text).toContain(`hub_online_ratio{district="430405"} ${2 / 3}`)
  expect(text).toContain('hub_online_ratio{district="430481"} 0')
  expect(text).toContain('hub_due_devices{district="430405",state="unknown"} 1')
  expect(text).not.toContain('hub_online_ratio{district="430426"}')
  model.load([{ ...down, state: 'unknown' }], 2)
  measure()
  expect(await metrics.text()).not.toContain('hub_online_ratio{district="430481"}')
})
