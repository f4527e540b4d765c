/** Commands to a device through its gateway. */
import { topic, topicFilter } from '@hub/contracts'
import { tablesOf } from '@hub/platform'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { camera, cameraA, cameraB, gatewayA, type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import type { GatewaysData } from '../tables.ts'

const acts = (hub: Hub, action: string) =>
  hub.record.db.selectFrom('audit').selectAll().where('action', '=', action).execute()
const unbound = { endpoint: null, xaddr: null, credential: null, identity: null }
const bind = (hub: Hub, device: string) =>
  tablesOf<GatewaysData>(hub.record)
    .db.insertInto('device_binding')
    .values({ device, gateway: gatewayA, every_ms: 30_000, ...unbound })
    .execute()

describe('commands', () => {
  let hub: Hub
  beforeEach(async () => {
    hub = await startHub()
    await hub.importRecords([camera(cameraA)])
    await bind(hub, cameraA)
  })
  afterEach(() => hub.stop())
  const answering = (reply: object, from = gatewayA) =>
    hub.bus.subscribe(topicFilter('commands'), async ({ payload }) => {
      const { id } = JSON.parse(payload.toString())
      await hub.bus.deliver(topic('replies', { gateway: from }), { v: 1, id, gateway: gatewayA, at: 7, ...reply })
    })
  const ask = () =>
    hub.ask('oper', 'command', { params: { id: cameraA }, body: { name: 'ptz-goto', args: { preset: '1' } } })
  const askAndWait = async () => {
    const answer = ask()
    await expect
      .poll(() => hub.bus.published.some((m) => m.topic === topic('commands', { gateway: gatewayA })))
      .toBe(true)
    await hub.clock.advanceAsync(10_000)
    return answer
  }

  it('go to the gateway of the device, and its reply comes back', async () => {
    await answering({ ok: true, result: { moved: true } })
    expect((await ask()).json).toEqual({ gateway: gatewayA, at: 7, result: { moved: true } })
    const sent = JSON.parse(hub.bus.published.find((m) => m.topic.endsWith('/commands'))!.payload)
    expect(sent).toMatchObject({
      name: 'ptz-goto',
      device: cameraA,
      args: { preset: '1' },
      deadline: hub.clock.now() + 10_000,
    })
    expect(await acts(hub, 'device.command')).toMatchObject([{ actor: 'oper', subject: cameraA }])
  })
  it('that fail say why', async () => {
    await answering({ ok: false, error: { code: 'command.failed', message: 'no such preset' } })
    const { status, json } = await ask()
    expect([status, json.detail]).toEqual([502, 'the command ptz-goto failed: no such preset'])
  })
  it('expire when the gateway is silent', async () => {
    const { status, json } = await askAndWait()
    expect([status, json.detail]).toEqual([
      504,
      `the gateway ${gatewayA} did not answer before 2027-01-15 16:00 (UTC+8)`,
    ])
  })
  it('a reply on the topic of another gateway is no reply', async () => {
    await answering({ ok: true, result: 'forged' }, cameraB)
    expect((await askAndWait()).status).toBe(504)
  })
  it('a changed certificate is accepted by who may, for the audit, at the gateway of the device', async () => {
    await answering({ ok: true })
    const fingerprint = 'ab'.repeat(32)
    const accept = (user: string, body: object) => hub.ask(user, 'acceptCertificate', { params: { id: cameraA }, body })
    expect((await accept('cmdr', { fingerprint })).status).toBe(403)
    expect((await accept('oper', { fingerprint: 'AB:CD' })).status).toBe(400)
    expect((await accept('oper', { fingerprint })).json).toEqual({ gateway: gatewayA, at: 7 })
    const sent = JSON.parse(hub.bus.published.find((m) => m.topic.endsWith('/commands'))!.payload)
    expect(sent).toMatchObject({ name: 'accept-certificate', device: cameraA, args: { fingerprint } })
    expect(await acts(hub, 'device.certificate')).toMatchObject([{ actor: 'oper', subject: cameraA }])
  })
  it('a camera can be named by its address', async () => {
    await answering({ ok: true, result: { endpoint: 'urn:uuid:9' } })
    const add = (user: string, xaddr: string, id = gatewayA) =>
      hub.ask(user, 'addCamera', { params: { id }, body: { xaddr } })
    const xaddr = 'http://10.0.0.9/onvif/device_service'
    expect((await add('cmdr', xaddr)).status).toBe(403)
    expect((await add('oper', 'rtsp://10.0.0.9/')).status).toBe(400)
    expect((await add('oper', xaddr, cameraB)).status).toBe(404)
    expect((await add('oper', xaddr)).json.result).toEqual({ endpoint: 'urn:uuid:9' })
    const sent = JSON.parse(hub.bus.published.find((m) => m.topic.endsWith('/commands'))!.payload)
    expect(sent).toMatchObject({ name: 'add-camera', args: { xaddr } })
    expect(await acts(hub, 'gateway.add-camera')).toMatchObject([{ actor: 'oper', subject: gatewayA }])
  })
  it('a gateway can be asked to discover now', async () => {
    await answering({ ok: true, result: { found: 3 } })
    expect((await hub.ask('oper', 'discover', { params: { id: gatewayA } })).json.result).toEqual({ found: 3 })
  })
})
