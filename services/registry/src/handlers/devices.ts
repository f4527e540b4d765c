/** Devices: the list, one explained, its stage. */

import { HubError, limitIn, limitText, type Scope } from '@hub/contracts'
import {
  type Claim,
  dayMs,
  dayStart,
  moveStage,
  recordDifferences,
  recordFaults,
  requireSeen,
  type Span,
} from '@hub/core'
import { type Deps, type Handlers, tablesOf } from '@hub/platform'
import { type DeviceTenure, dayStrip, type FullDevice, findDevice, intervalsOf } from '../device-detail.ts'
import { devicePage } from '../device-list.ts'
import { claimedIdentity, gatewayOf, openOutageOf, openWorkOrderOf } from '../device-summary.ts'
import { historyOf } from '../history.ts'
import { registryQueries } from '../read-thread.ts'
import { legalText, putRecords } from '../records.ts'
import { createRegistryChanged } from '../registry-changed.ts'
import type { RegistryData } from '../tables.ts'

const stripDays = 30
/** Longer lists are read and written out elsewhere. */
const shortPage = 500

export function deviceHandlers(deps: Deps): Pick<Handlers, 'devices' | 'device' | 'deviceHistory' | 'stage'> {
  const { audit, clock, exemptions } = deps
  const record = tablesOf<RegistryData>(deps.record)
  const { db } = record
  const registryChanged = createRegistryChanged(deps)
  const queries = registryQueries(deps.record)
  const found = async (scope: Scope, id: string): Promise<FullDevice> => {
    const device = await findDevice(db, scope, id)
    if (!device) throw new HubError('device.unknown', { value: id })
    return device
  }
  const claimsOn = (tenure: DeviceTenure, within: Span): Claim[] =>
    exemptions.claims({ ...tenure, id: tenure.device }, within)

  return {
    async devices({ viewer, query }) {
      const now = clock.now()
      const { scope, devices } = viewer
      const seen = { scope, devices }
      if (query.limit > shortPage) return queries.each('devicesJson', { seen, query, now })
      return { asOf: now, ...(await devicePage(db, seen, query)) }
    },

    async device({ viewer, params, language }) {
      const asOf = clock.now()
      requireSeen(viewer.devices, params.id)
      const device = await found(viewer.scope, params.id)
      const period = { from: dayStart(asOf - (stripDays - 1) * dayMs), to: asOf }
      const intervals = await intervalsOf(db, params.id, period.from, period.to)
      const clockProbe = device.probes.find((probe) => probe.values?.clockOffsetMs !== undefined)
      return {
        asOf,
        device: device.row,
        record: device.record,
        faults: recordFaults(device.record).map(({ field, limit }) => ({ field, limit: limitIn(language, limit) })),
        rule: device.rule,
        probes: device.probes,
        identity: device.identity,
        ...(device.remarks && { remarks: device.remarks }),
        days: await record.commit(() => {
          exemptions.reload()
          return dayStrip(intervals, period, device.tenures, claimsOn)
        }),
        differences: recordDifferences(device.record, {
          ...(await claimedIdentity(db, params.id)),
          ...device.identity,
        }),
        clockOffsetMs: clockProbe?.values?.clockOffsetMs ?? null,
        gateway: await gatewayOf(db, viewer.scope, device.row.gateway, asOf),
        outage: await openOutageOf(db, params.id),
        workOrder: await openWorkOrderOf(db, params.id, viewer.units),
      }
    },

    async deviceHistory({ viewer, params: { id }, query }) {
      requireSeen(viewer.devices, id)
      const now = clock.now()
      const { asOf = now } = query
      if (asOf > now)
        throw new HubError('request.invalid', {
          field: 'asOf',
          value: asOf,
          limit: limitText('not-after-now', { now }),
        })
      return historyOf(db, viewer.scope, id, asOf)
    },

    async stage({ viewer, params, body }) {
      const { row } = await found(viewer.scope, params.id)
      const move = moveStage(row.stage, body.stage)
      if (!move.ok)
        throw new HubError('stage.illegal', { field: params.id, value: row.stage, limit: legalText(move.legal) })
      const now = clock.now()
      await record.transaction(async (trx) => {
        const current = await findDevice(trx, viewer.scope, params.id)
        if (current?.row.stage !== row.stage)
          throw new HubError('stage.illegal', {
            field: params.id,
            value: current?.row.stage,
            limit: limitText('just-changed'),
          })
        const next = { ...current.record, stage: body.stage }
        await putRecords(trx, [next], { now, scope: viewer.scope })
        const detail = { from: row.stage, to: body.stage, reason: body.reason }
        await audit.append(trx, { at: now, actor: viewer.user, action: 'device.stage', subject: params.id, detail })
        await registryChanged(trx, [params.id])
      })
      return (await found(viewer.scope, params.id)).row
    },
  }
}
