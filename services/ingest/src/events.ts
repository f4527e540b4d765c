/** What cameras noticed (motion, tamper, …), on its way into the record: beside the health machine, once however often it is told. */
import { type DeviceEvent, type Observation, topic } from '@hub/contracts'
import type { Directory } from './directory.ts'
import type { Outgoing } from './outbox.ts'
import type { Store } from './store.ts'

type Parts = { store: Pick<Store, 'putEvent'>; directory: Pick<Directory, 'device'> }

/** Inside the transaction of the batches. @returns what the bus must be told: the events that are new */
export function storeEvents(
  batches: readonly { observations: readonly Observation[] }[],
  { store, directory }: Parts,
): Outgoing[] {
  const outgoing: Outgoing[] = []
  for (const { observations } of batches)
    for (const { device, at, event } of observations) {
      const district = event && directory.device(device)?.district
      if (!district) continue
      const { topic: kind, active, source } = event
      const to = active ? 'active' : 'inactive'
      const told: DeviceEvent = { v: 1, device, district, at, kind, from: null, to }
      if (source !== undefined) told.source = source
      if (store.putEvent(told)) outgoing.push({ topic: topic('events', { district }), payload: JSON.stringify(told) })
    }
  return outgoing
}
