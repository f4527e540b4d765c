/** Which devices an approved exemption covers now: marked in the live model, anew each minute and when an adjustment changes. */
import type { AdjustmentIndex, Clock, RecordStore } from '@hub/platform'
import type { LiveModel } from './model.ts'

export type MarkExempt = () => Promise<void>

export function createExemptMarker(deps: {
  clock: Clock
  record: Pick<RecordStore, 'commit'>
  adjustments: AdjustmentIndex
  model: LiveModel
}): MarkExempt {
  const { clock, record, adjustments, model } = deps
  return async () => {
    await record.commit(() => adjustments.reload())
    const now = { from: clock.now(), to: clock.now() + 1 }
    const isExempt = adjustments.touching(now).some(({ countAs }) => countAs === 'exempt')
    for (const device of model.devices('city'))
      device.exempt = isExempt && adjustments.claims(device, now).some(({ countAs }) => countAs === 'exempt')
  }
}
