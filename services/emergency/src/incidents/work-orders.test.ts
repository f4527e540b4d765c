/** Work orders that an incident asks for: made by the room work-orders, once, and answered into the log. */
import { tablesOf } from '@hub/platform'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { camera, cameraA, cameraB, type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import { consumeRequests } from '../../../work-orders/src/requests.ts'
import type { EmergencyDb } from '../tables.ts'
import { incidentsOf } from '../testing/incidents.ts'
import { consumeAnswers, requestWorkOrder } from './work-orders.ts'

let hub: Hub
let on: ReturnType<typeof incidentsOf>
let stops: (() => Promise<void>)[]
beforeEach(async () => {
  hub = await startHub()
  on = incidentsOf(hub)
  stops = [await consumeRequests(hub.deps), await consumeAnswers(hub.deps)]
  await hub.importRecords([camera(cameraA, { maintainer: '甲维护公司' }), camera(cameraB)])
})
afterEach(async () => {
  for (const stop of stops) await stop()
  await hub.stop()
})

const turns = async () => {
  for (let n = 0; n < 40; n++) await new Promise((resolve) => setImmediate(resolve))
}
const asked = { act: 'work-order', unit: '甲维护公司', devices: [cameraA], note: '现场摄像机离线' }

it('the number of the order comes back into the incident', async () => {
  const { id, number } = await on.opened()
  await on.acted(id, asked)
  await turns()
  const { workOrders, log } = await on.one(id)
  expect(workOrders).toMatchObject([{ unit: '甲维护公司', status: 'issued', number: expect.stringMatching(/^GD-/) }])
  expect(log.slice(1).map(({ actor, detail }) => [actor, detail.act, detail.number ?? null])).toEqual([
    ['cmdr', 'order-asked', null],
    ['hub', 'order-issued', workOrders[0]!.number],
  ])
  const order = (await hub.ask('cmdr', 'workOrder', { params: { id: workOrders[0]!.id } })).json
  expect(order).toMatchObject({
    issuedBy: 'cmdr',
    devices: [cameraA],
    outage: null,
    subject: { text: `${number} 解放路积水` },
  })
  expect(order.steps[0].note).toBe('现场摄像机离线')
  expect(hub.changes('work-orders').some((change) => change.id === order.id)).toBe(true)
  expect((await on.act(id, asked)).json.detail).toBe(
    `devices is 相机 01 (${cameraA}): is in work order ${order.number} already`,
  )
})

it('asked twice with one key it is made once', async () => {
  const { id } = await on.opened()
  const key = '0193a7c2-6c1e-4f5a-9d3e-2f1b6a7c8d90'
  const order = { key, unit: null, devices: [cameraA], note: null }
  const record = tablesOf<EmergencyDb>(hub.record)
  for (let n = 0; n < 3; n++)
    await record.transaction((trx) => requestWorkOrder(hub.deps, trx, id, order, 'hub', hub.clock.now()))
  // Delivered again, as after a crash.
  await hub.record.transaction((trx) =>
    hub.deps.outbox.append(
      trx,
      'workOrderRequested',
      {},
      {
        v: 1,
        at: hub.clock.now(),
        key,
        unit: null,
        devices: [cameraA],
        subject: 'x',
        note: null,
        user: 'hub',
      },
    ),
  )
  await turns()
  const { workOrders, log } = await on.one(id)
  expect(workOrders).toMatchObject([{ id: key, unit: '甲维护公司' }])
  expect(log.filter(({ detail }) => detail.act === 'order-issued')).toHaveLength(1)
})

it('that cannot be made is said in the log, with the reason', async () => {
  const { id } = await on.opened()
  const record = tablesOf<EmergencyDb>(hub.record)
  const order = { unit: null, devices: ['43040500001320000099'], note: null }
  await record.transaction((trx) => requestWorkOrder(hub.deps, trx, id, order, 'hub', hub.clock.now()))
  await turns()
  const { workOrders, log } = await on.one(id)
  expect(workOrders).toEqual([])
  expect(log.at(-1)?.detail).toMatchObject({
    act: 'order-refused',
    code: 'device.unknown',
    value: '43040500001320000099',
  })
})

it('for a device beyond the districts is refused to the one who asks', async () => {
  const { id } = await on.opened()
  const { status, json } = await on.act(id, { ...asked, devices: [cameraB] }, 'oper-a')
  expect([status, json.code]).toEqual([404, 'device.unknown'])
})

it('cameras are chosen once, dropped, and seen as they are now', async () => {
  const { id } = await on.opened()
  await hub.importRecords([camera(cameraA, { longitude: 112.62, latitude: 26.89, maintainer: '甲维护公司' })])
  await on.acted(id, { act: 'choose-cameras', devices: [cameraA] })
  await hub.putState(cameraA, 'down')
  const chosen = await on.acted(id, { act: 'choose-cameras', devices: [cameraA] })
  expect(chosen.cameras).toMatchObject([{ device: cameraA, state: 'down', chosenBy: 'cmdr', preset: null }])
  expect(chosen.cameras[0]!.metres).toBeGreaterThan(400)
  expect(chosen.log.filter(({ kind }) => kind === 'camera')).toHaveLength(1)
  const moved = await on.acted(id, { act: 'detail', point: { longitude: 112.62, latitude: 26.89 } })
  expect(moved.cameras[0]!.metres).toBeLessThan(1)
  expect((await on.acted(id, { act: 'drop-camera', device: cameraA })).cameras).toEqual([])
  expect((await on.act(id, { act: 'drop-camera', device: cameraA })).json.detail).toBe(
    `device is ${cameraA}: is not chosen for this incident`,
  )
  expect((await on.act(id, { act: 'choose-cameras', devices: ['43040500001320000099'] })).status).toBe(404)
})
