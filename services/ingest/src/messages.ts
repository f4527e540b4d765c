/** What the bus is told of a group of batches, once it is committed. */
import type { Correction, Transition } from '@hub/contracts'
import type { Outgoing } from '@hub/platform'
import type { Changes } from './changes.ts'
import type { Directory } from './directory.ts'

/** A device that has left the registry meanwhile has no district to tell it in: nothing is said of it. */
export function messages(changes: Changes, directory: Pick<Directory, 'device'>, decidedAt: number): Outgoing[] {
  const outgoing: Outgoing[] = []
  for (const { device, change } of changes.transitions) {
    const district = directory.device(device)?.district
    if (!district) continue
    const { from, to, at, rule } = change
    const message: Transition = { v: 1, device, district, from, to, at, decidedAt, rule }
    outgoing.push({ name: 'transitions', params: { district }, value: message })
  }
  for (const { device, from, to } of changes.corrections) {
    const district = directory.device(device)?.district
    if (!district) continue
    const message: Correction = { v: 1, device, district, from, to, decidedAt }
    outgoing.push({ name: 'corrections', params: { district }, value: message })
  }
  return outgoing
}
