/** What the hub does with outages by itself: resolves, reopens, closes, escalates. */
import { type LifePolicy, ownStep } from '@hub/core'
import { outageLives, type RecordStore, takeOwnStep } from '@hub/platform'

/** Steps of one transaction. */
const slice = 500

/** @returns the outages that were moved. */
export async function takeOwnSteps(
  record: Pick<RecordStore, 'commit' | 'sqlite'>,
  policy: LifePolicy,
  now: number,
): Promise<string[]> {
  const steps = outageLives(record.sqlite).flatMap((life) => {
    const step = ownStep(life, now, policy)
    return step ? [{ id: life.id, step }] : []
  })
  for (let i = 0; i < steps.length; i += slice) {
    if (i > 0) await new Promise((resolve) => setImmediate(resolve))
    await record.commit((sqlite) => {
      for (const { id, step } of steps.slice(i, i + slice)) takeOwnStep(sqlite, id, step, now)
    })
  }
  return steps.map(({ id }) => id)
}
