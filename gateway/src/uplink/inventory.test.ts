import type { FoundDevice, Inventory } from '@hub/contracts'
import { createManualClock } from '@hub/platform'
import { expect, it } from 'vitest'
import { createInventoryReport } from './inventory.ts'

const hour = 3_600_000

it('tells strangers beside a whole rollout, is bounded under a flood, and is open again when the flood is silent', async () => {
  const clock = createManualClock()
  const told = new Set<string>()
  const report = createInventoryReport({
    gateway: '43040500002000000001',
    clock,
    send: async ({ found }: Inventory) => {
      for (const { endpoint } of found) told.add(endpoint)
    },
  })
  const found = (endpoint: string): FoundDevice => ({
    ...{ endpoint, address: '10.0.0.1', xaddrs: [], quarantine: 'new', seenAt: clock.now() },
  })
  for (let n = 0; n < 20_000; n++) report.found(found(`planned ${n}`))
  report.found(found('stranger'))
  for (let n = 0; n < 100_000; n++) report.found(found(`forged ${n}`))
  await clock.advanceAsync(1_000)
  expect([told.has('stranger'), told.size, report.refused()]).toEqual([true, 50_000, 70_001])
  await clock.advanceAsync(hour)
  report.found(found('planned 0'))
  report.found(found('real'))
  await clock.advanceAsync(1_000)
  expect(told.has('real')).toBe(true)
  report.stop()
})
