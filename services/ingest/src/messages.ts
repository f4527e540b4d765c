/** What the bus is told of a group of batches, once it is committed. */
import { type Correction, type Transition, topic } from '@hub/contracts'
import type { Changes } from './changes.ts'
import type { Directory } from './directory.ts'
import type { Outgoing } from './outbox.ts'

/** A device that has left the registry meanwhile has no district to tell it in: nothing is said of it. */
export function messages(changes: Changes, directory: Pick<Directory, 'device'>, decidedAt: number): Outgoing[] {
  const outgoing: Outgoing[] = []
  for (const { device, change } of changes.transitions) {
    const district = directory.device(device)?.district
    if (!district) continue
    const { from, to, at, rule } = change
    const message: Transition = { v: 1, device, district, from, to, at, decidedAt, rule }
    outgoing.push({ topic: topic('transitions', { district }), payload: JSON.stringify(message) })
  }
  for (const { device, from, to } of changes.corrections) {
    const district = directory.device(device)?.district
    if (!district) continue
    const message: Correction = { v: 1, device, district, from, to, decidedAt }
    outgoing.push({ topic: topic('corrections', { district }), payload: JSON.stringify(message) })
  }
  return outgoing
}
