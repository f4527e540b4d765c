/** Progress of the rollout: how many devices have reached each stage, when, and against the dates of the plan. */
import type { Progress } from '@hub/contracts'
import { stages } from '@hub/contracts'
import { curveOf } from './progress-curve.ts'
import type { ProgressDevice } from './progress-device.ts'

export type ProgressGroup = 'district' | 'carrier' | 'project'
type Row = Progress['groups'][number]

/**
 * Rows and S-curve as of the day `today`. The stage of the record says what a device has reached, its dates only when. `due`: the planned
 * date is here or past. `late`: it is past, and the device is not in service yet. Groups in the order of their keys, '' for none.
 */
export function progressOf(
  devices: readonly ProgressDevice[],
  today: string,
  by: ProgressGroup,
): Omit<Progress, 'asOf'> {
  const total = emptyRow('')
  const groups = new Map<string, Row>()
  for (const device of devices) {
    const key = device[by] ?? ''
    const group = groups.get(key) ?? emptyRow(key)
    groups.set(key, group)
    for (const row of [total, group]) count(row, device, today)
  }
  return {
    total,
    groups: [...groups.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
    ...curveOf(devices, today),
  }
}

const emptyRow = (key: string): Row => ({
  key,
  planned: 0,
  built: 0,
  accepted: 0,
  inService: 0,
  retired: 0,
  due: 0,
  late: 0,
})

function count(row: Row, { stage, plannedAt }: ProgressDevice, today: string): void {
  const reached = stages.indexOf(stage)
  row.planned++
  if (reached >= 1) row.built++
  if (reached >= 2) row.accepted++
  if (reached >= 3) row.inService++
  if (reached >= 4) row.retired++
  if (plannedAt === null || plannedAt > today) return
  row.due++
  if (plannedAt < today && reached < stages.indexOf('in-service')) row.late++
}
