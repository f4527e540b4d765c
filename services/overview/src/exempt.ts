/** Which devices an approved exemption covers now: marked in the live model, anew each minute, when an adjustment changes, and of a device when its record does. */

import type { Clock, Exemptions, RecordStore } from '@hub/platform'
import type { LiveDevice, LiveModel } from './model.ts'

/** @param only these; without it all */
export type MarkExempt = (only?: readonly LiveDevice[]) => Promise<void>

export function createExemptMarker(deps: {
  clock: Clock
  record: Pick<RecordStore, 'commit'>
  exemptions: Exemptions
  model: LiveModel
}): MarkExempt {
  const { clock, record, exemptions, model } = deps
  return async (only) => {
    await record.commit(() => exemptions.reload())
    const now = { from: clock.now(), to: clock.now() + 1 }
    const isExempt = exemptions.touching(now).some(({ countAs }) => countAs === 'exempt')
    for (const device of only ?? model.devices({ scope: 'city', units: 'all' }))
      device.exempt = isExempt && exemptions.claims(device, now).some(({ countAs }) => countAs === 'exempt')
  }
}
