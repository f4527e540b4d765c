/** Which devices a viewer sees within the districts: all, or those that concern the own unit. */
import { HubError } from '@hub/contracts'

export type Devices = 'all' | ReadonlySet<string>

/** @throws HubError `device.unknown`: what may not be seen looks as if there were none */
export function requireSeen(devices: Devices, id: string): void {
  if (devices !== 'all' && !devices.has(id)) throw new HubError('device.unknown', { value: id })
}

/** A filter by devices, within what is seen. Undefined: by none. */
export function seenAmong(devices: Devices, asked: readonly string[] | undefined): string[] | undefined {
  if (devices === 'all') return asked && [...asked]
  return asked ? asked.filter((id) => devices.has(id)) : [...devices]
}
