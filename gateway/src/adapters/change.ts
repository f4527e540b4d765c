/** A change of what is assigned: which devices there are now, or otherwise than before, and which there are no longer. */
import type { AssignedDevice, DeviceId } from '@hub/contracts'

export type AssignmentChange<D extends AssignedDevice = AssignedDevice> = {
  readonly put: readonly D[]
  readonly drop: readonly DeviceId[]
}
