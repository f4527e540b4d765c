/** Automatic steps of work orders, once a minute: yellow and red by the clock, closed once verified. */
import { minuteMs } from '@hub/core'
import { type Deps, periodic, tablesOf } from '@hub/platform'
import { changesOf } from './audience.ts'
import { repairRulesOf, type WorkOrdersConfig } from './config.ts'
import { takeAutomaticSteps } from './steps.ts'
import type { WorkOrdersDb } from './tables.ts'

/** @returns the stop. */
export function startAutomaticSteps(deps: Deps<WorkOrdersConfig>): () => Promise<void> {
  const { clock, config, log, publishChange } = deps
  const { db } = tablesOf<WorkOrdersDb>(deps.record)
  const rules = repairRulesOf(config.policy)
  return periodic(clock, log, minuteMs, 'work orders', async () => {
    const changed = await takeAutomaticSteps(deps, clock.now(), rules)
    for (const change of await changesOf(db, changed)) publishChange(change)
  })
}
