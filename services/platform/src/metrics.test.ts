import { expect, it } from 'vitest'
import { createMetrics } from './metrics.ts'

it('counts under one name however often it is asked for', async () => {
  const metrics = createMetrics()
  metrics.counter('hub_batches_total', 'Batches committed', ['gateway']).inc({ gateway: 'a' })
  metrics.counter('hub_batches_total', 'Batches committed', ['gateway']).inc({ gateway: 'a' }, 2)
  metrics.gauge('hub_devices', 'Devices').set(7)
  metrics.histogram('hub_commit_seconds', 'Commit', [0.1, 1]).observe(0.5)
  const text = await metrics.text()
  expect(text).toContain('hub_batches_total{gateway="a"} 3')
  expect(text).toContain('hub_devices 7')
  expect(text).toContain('hub_commit_seconds_bucket{le="1"} 1')
})

it('two registries do not share', async () => {
  createMetrics().gauge('hub_devices', 'Devices').set(7)
  expect(await createMetrics().text()).not.toContain('hub_devices')
})
