/** A Record with two gateways and cameras on it, to bind as a test likes. */
import type { DeviceId, GatewayId } from '@hub/contracts'
import { checkConfig, sha256, tablesOf } from '@hub/platform'
import { HubConfig } from '../../../hub/src/config.ts'
import { openRecord } from '../../../hub/src/testing/record.ts'
import { reassign } from '../reassign.ts'
import { putGateways } from '../store.ts'
import type { GatewaysData } from '../tables.ts'
import { beginCursor } from '../take-registry-change.ts'

export const east: GatewayId = '43040500002000000001'
export const west: GatewayId = '43042100002000000002'
export const cameraId = (n: number): DeviceId => `43040500001320${String(n).padStart(6, '0')}`

/** @param cameras on record; none is bound */
export async function assignedCity(cameras: number) {
  const opened = await openRecord(':memory:')
  const record = tablesOf<GatewaysData>(opened)
  const config = checkConfig(HubConfig, {
    gateways: [
      { id: east, name: '东', districts: ['430405'], passwordHash: sha256('east') },
      { id: west, name: '西', districts: ['430421'], passwordHash: sha256('west') },
    ],
  })
  await putGateways(record.db, config.gateways)
  const put = opened.sqlite.prepare(
    `INSERT INTO device (id, district, kind, application, carrier, point_type, stage, name, address, record, updated_at)
     VALUES (?, '430405', 'camera', 'traffic', 'telecom', '3', 'in-service', '', '', '{}', 0)`,
  )
  await opened.commit(() => {
    for (let n = 0; n < cameras; n++) put.run(cameraId(n))
  })
  await record.transaction(beginCursor)
  const bind = opened.sqlite.prepare(
    `INSERT INTO device_binding (device, gateway, endpoint, xaddr, credential, every_ms) VALUES (?, ?, ?, ?, 'sims', 30000)
     ON CONFLICT DO UPDATE SET gateway = excluded.gateway, xaddr = excluded.xaddr`,
  )
  return {
    record,
    sqlite: opened.sqlite,
    config,
    /** As an approval does: another binding, and what follows from it, in one transaction. */
    approve: (numbers: readonly number[], gateway = east, port = 8_000) =>
      record.transaction((trx) => {
        for (const n of numbers)
          bind.run(cameraId(n), gateway, `urn:uuid:${n}`, `http://127.11.0.1:${port}/onvif/device_service`)
        return reassign(trx, numbers.map(cameraId))
      }),
    unbind: (numbers: readonly number[]) =>
      record.transaction((trx) => {
        for (const n of numbers) opened.sqlite.prepare('DELETE FROM device_binding WHERE device = ?').run(cameraId(n))
        return reassign(trx, numbers.map(cameraId))
      }),
  }
}
