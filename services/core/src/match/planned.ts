/** Which planned record a found device is. */
import type { DeviceId, FoundDevice } from '@hub/contracts'

export type Planned = { id: DeviceId; ipAddress?: string | null | undefined; name?: string | null | undefined }

/**
 * By address first, then by name. Null when none matches, or more than one does: a guess would bind a camera to the wrong
 * pole. A record whose own address is another one is not matched by name.
 */
export function matchPlanned(
  found: Pick<FoundDevice, 'address' | 'name'>,
  planned: readonly Planned[],
): DeviceId | null {
  const byAddress = planned.filter((p) => p.ipAddress === found.address)
  if (byAddress.length > 0) return onlyOne(byAddress)
  const name = found.name?.trim()
  return name ? onlyOne(planned.filter((p) => !p.ipAddress && p.name?.trim() === name)) : null
}

const onlyOne = (candidates: readonly Planned[]): DeviceId | null =>
  candidates.length === 1 ? candidates[0]!.id : null
