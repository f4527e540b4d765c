/** Devices: the list, one explained, its intervals, its stage, commands to it. */
import { type DeviceDetail, Explanation, HubError, type Interval, type Scope } from '@hub/contracts'
import {
  accountAdjusted,
  accountEach,
  type Claim,
  dayStart,
  daysIn,
  intersectSpans,
  moveStage,
  onlineRate,
  recordDifferences,
  recordFaults,
  type Span,
} from '@hub/core'
import { listDeviceEvents } from '@hub/platform'
import { audit } from '../audit.ts'
import type { Handlers } from '../http/call.ts'
import { registryReader } from '../reading/reader.ts'
import { adjustedSpans } from '../store/adjusted.ts'
import { claimedBy, devicePage, type FullDevice, findDevice, intervalsOf } from '../store/devices.ts'
import { listGateways } from '../store/gateways.ts'
import { legalText, putRecords } from '../store/registry.ts'
import { outageOf, workOrderOf } from '../store/trouble.ts'
import type { Context } from './context.ts'
import { periodOf } from './period.ts'

const dayMs = 86_400_000
const stripDays = 30
/** Longer lists are read and written out elsewhere. */
const shortPage = 500

type Devices = Pick<Handlers, 'devices' | 'device' | 'intervals' | 'events' | 'explain' | 'stage' | 'command'>

export function deviceHandlers({ config, clock, record, adjustments, commander, registryChanged }: Context): Devices {
  const { db } = record
  const reader = registryReader(record)
  const found = async (scope: Scope, id: string): Promise<FullDevice> => {
    const device = await findDevice(db, scope, id)
    if (!device) throw new HubError('device.unknown', { value: id })
    return device
  }

  const claimsOn = ({ row, pole, feed }: FullDevice, period: Span): Promise<Claim[]> =>
    record.commit(() => {
      adjustments.reload()
      return adjustments.claims({ ...row, pole, feed }, period)
    })

  return {
    async devices({ viewer, query }) {
      const now = clock.now()
      if (query.limit > shortPage) return reader.each('devicesJson', { scope: viewer.scope, query, now })
      return { asOf: now, ...(await devicePage(db, viewer.scope, query)) }
    },

    async device({ viewer, params }) {
      const asOf = clock.now()
      const device = await found(viewer.scope, params.id)
      const from = dayStart(asOf - (stripDays - 1) * dayMs)
      const intervals = await intervalsOf(db, params.id, from, asOf)
      const gateways = device.row.gateway === null ? [] : await listGateways(db, viewer.scope, asOf)
      const gateway = gateways.find((g) => g.gateway === device.row.gateway)
      return {
        asOf,
        device: device.row,
        record: device.record,
        faults: recordFaults(device.record),
        rule: device.rule,
        probes: device.probes,
        identity: device.identity,
        days: strip(intervals, { from, to: asOf }, device, await claimsOn(device, { from, to: asOf })),
        differences: recordDifferences(device.record, { ...(await claimedBy(db, params.id)), ...device.identity }),
        clockOffsetMs:
          device.probes.find((probe) => probe.values?.clockOffsetMs !== undefined)?.values?.clockOffsetMs ?? null,
        gateway: gateway ? { id: gateway.gateway, online: gateway.online, lastSeenAt: gateway.lastSeenAt } : null,
        outage: await outageOf(db, params.id),
        workOrder: await workOrderOf(db, params.id, viewer.units),
      }
    },

    async intervals({ viewer, params, query }) {
      const device = await found(viewer.scope, params.id)
      const asOf = clock.now()
      const { from, to } = periodOf(query, asOf)
      const intervals = await intervalsOf(db, params.id, from, to)
      const totals = accountAdjusted(intervals, { from, to }, await claimsOn(device, { from, to }))
      const adjusted = await adjustedSpans(db, adjustments, device, { from, to })
      return { device: params.id, from, to, asOf, intervals, totals, rate: onlineRate(totals), adjusted }
    },

    async events({ viewer, params, query }) {
      await found(viewer.scope, params.id)
      const events = await listDeviceEvents(db, viewer.scope, params.id, query)
      return { device: params.id, asOf: clock.now(), events }
    },

    async explain({ viewer, params }) {
      const { row } = await found(viewer.scope, params.id)
      if (row.gateway === null)
        throw new HubError('command.failed', { field: 'explain', limit: 'the device has no gateway yet' })
      const { gateway, at, result } = await commander.send(row.gateway, { name: 'explain', device: params.id })
      // Held to its schema: what a gateway says beside it goes no further.
      const said = Explanation.safeParse(result)
      if (!said.success || said.data.device !== params.id)
        throw new HubError('command.failed', { field: 'explain', limit: 'the gateway answers something else' })
      return { gateway, at, explanation: said.data }
    },

    async stage({ viewer, params, body }) {
      const { row } = await found(viewer.scope, params.id)
      const move = moveStage(row.stage, body.stage)
      if (!move.ok)
        throw new HubError('stage.illegal', { field: params.id, value: row.stage, limit: legalText(move.legal) })
      const now = clock.now()
      const gateways = await record.transaction(async (trx) => {
        const current = await findDevice(trx, viewer.scope, params.id)
        if (current?.row.stage !== row.stage)
          throw new HubError('stage.illegal', {
            field: params.id,
            value: current?.row.stage,
            limit: 'it has just changed',
          })
        const next = { ...current.record, stage: body.stage }
        const { gateways } = await putRecords(trx, [next], { config, now, scope: viewer.scope })
        const detail = { from: row.stage, to: body.stage, reason: body.reason }
        await audit(trx, now, { actor: viewer.user, action: 'device.stage', subject: params.id, detail })
        return gateways
      })
      registryChanged(gateways)
      return (await found(viewer.scope, params.id)).row
    },

    async command({ viewer, params, body }) {
      const { row } = await found(viewer.scope, params.id)
      if (row.gateway === null)
        throw new HubError('command.failed', { field: body.name, limit: 'the device has no gateway yet' })
      const detail = { name: body.name, ...(body.args ? { args: body.args } : {}) }
      await audit(db, clock.now(), { actor: viewer.user, action: 'device.command', subject: params.id, detail })
      const { gateway, at, result } = await commander.send(row.gateway, { ...body, device: params.id })
      return { gateway, at, ...(result === undefined ? {} : { result }) }
    },
  }
}

/** Seconds of each state on each day, of the time that the device was due. */
function strip(
  intervals: readonly Interval[],
  period: Span,
  { dueFrom, dueTo }: FullDevice,
  claims: readonly Claim[],
): DeviceDetail['days'] {
  const due = dueFrom === null ? [] : [{ from: dueFrom, to: dueTo ?? period.to }].filter((span) => span.from < span.to)
  const days = daysIn(period).map(({ day, ...span }) => ({ day, part: intersectSpans([span], due)[0] }))
  const parts = days.flatMap(({ part }) => part ?? [])
  const spent = new Map(accountEach(intervals, parts, claims).map((totals, i) => [parts[i], totals]))
  const nothing = { up: 0, down: 0, unknown: 0, exempt: 0 }
  return days.map(({ day, part }) => {
    const { up, down, unknown, exempt } = (part && spent.get(part)) ?? nothing
    return { day, up: up / 1_000, down: down / 1_000, unknown: unknown / 1_000, exempt: exempt / 1_000 }
  })
}
