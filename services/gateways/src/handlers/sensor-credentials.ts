/** Passwords of sensors, shown once. */

import { HubError, inScope } from '@hub/contracts'
import { type Deps, type Handlers, tablesOf } from '@hub/platform'
import { recordedDevices } from '../devices.ts'
import { createRegistryChanged } from '../registry-changed.ts'
import { issueSensorPasswords } from '../sensor-credentials.ts'
import type { GatewaysData } from '../tables.ts'

export function sensorCredentialHandlers(deps: Deps): Pick<Handlers, 'sensorCredentials'> {
  const { audit, clock } = deps
  const record = tablesOf<GatewaysData>(deps.record)
  const registryChanged = createRegistryChanged(deps)
  return {
    sensorCredentials({ viewer, body }) {
      const now = clock.now()
      const ids = [...new Set(body.devices)]
      return record.transaction(async (trx) => {
        const sensors = await recordedDevices(trx, ids)
        const foreign = ids.find((id) => {
          const sensor = sensors.get(id)
          return !sensor || !inScope(viewer.scope, sensor.district)
        })
        if (foreign) throw new HubError('device.unknown', { value: foreign })
        const { secrets, gateways } = await issueSensorPasswords(trx, ids, now)
        await audit.append(trx, {
          at: now,
          actor: viewer.user,
          action: 'sensor.credential',
          subject: ids.length === 1 ? ids[0]! : 'sensors',
          detail: { devices: ids.length },
        })
        await registryChanged(trx, ids, gateways)
        return { secrets }
      })
    },
  }
}
