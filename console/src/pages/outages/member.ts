/** The state of a member now: from the stream when the device is known to it, otherwise from whether it has come back. */
import type { DeviceState, OutageDetail } from '@hub/contracts'
import { deviceById, stateNow } from '../../shared/devices/registry.svelte.ts'

export type Member = OutageDetail['members'][number]

export function memberState({ device, to }: Member): DeviceState {
  const row = deviceById(device)
  if (row) return stateNow(row)
  return to === null ? 'down' : 'up'
}
