/** What happened to a device beside its state. */
import type { GatewaysViews, RegistryViews } from '@hub/contracts'
import { requireSeen } from '@hub/core'
import { type Deps, type Handlers, tablesOf } from '@hub/platform'
import { findDevice } from '../device.ts'
import { listDeviceEvents } from '../device-events.ts'
import type { IngestTables } from '../tables.ts'

export function eventHandlers({ clock, record }: Deps): Pick<Handlers, 'events'> {
  const { db } = tablesOf<IngestTables & RegistryViews & GatewaysViews>(record)
  return {
    async events({ viewer, params, query }) {
      requireSeen(viewer.devices, params.id)
      const { district } = await findDevice(db, viewer.scope, params.id)
      const events = await listDeviceEvents(db, { id: params.id, district }, query)
      return { device: params.id, asOf: clock.now(), events }
    },
  }
}
