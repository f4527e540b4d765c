/** What cameras noticed (motion, tamper, …), on its way into the record: beside the health machine, once however often it comes. */
import type { DeviceEvent, Observation } from '@hub/contracts'
import type { Outgoing } from '@hub/platform'
import type { Directory } from './directory.ts'
import type { Store } from './store.ts'

type Parts = { store: Pick<Store, 'putEvent'>; directory: Pick<Directory, 'device'> }

/** Inside the transaction of the batches. @returns what is to be published: the events that are new */
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
      const noticed: DeviceEvent = { v: 1, device, district, at, kind, from: null, to }
      if (source !== undefined) noticed.source = source
      if (store.putEvent(noticed)) outgoing.push({ name: 'events', params: { district }, value: noticed })
    }
  return outgoing
}
