/** What was found, and its approval, over real HTTP and a real record. */
import { tablesOf } from '@hub/platform'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { camera, cameraA, gatewayA, type Hub, sensorA, startHub } from '../../../hub/src/testing/hub.ts'
import { putFound } from '../put-found.ts'
import type { GatewaysData } from '../tables.ts'

const acts = (hub: Hub, action: string) =>
  hub.record.db.selectFrom('audit').selectAll().where('action', '=', action).execute()
const gatewaysOf = (hub: Hub) => tablesOf<GatewaysData>(hub.record).db
const bindingOf = (hub: Hub, device: string) =>
  gatewaysOf(hub).selectFrom('device_binding').selectAll().where('device', '=', device).executeTakeFirstOrThrow()

describe('discovery', () => {
  let hub: Hub
  const found = (endpoint: string, address: string, quarantine: 'new' | 'xaddr-host-differs' = 'new') => ({
    endpoint,
    address,
    quarantine,
    xaddrs: [`http://${address}:8000/onvif/device_service`],
    seenAt: 1_800_000_000_000,
  })
  beforeEach(async () => {
    hub = await startHub()
    await hub.importRecords([
      camera(cameraA, { ipAddress: '127.11.0.5' }),
      camera('43040500001320000002'),
      camera(sensorA, { kind: 'sensor' }),
    ])
    await putFound(
      gatewaysOf(hub),
      gatewayA,
      [found('urn:a', '127.11.0.5'), found('urn:odd', '127.11.0.6', 'xaddr-host-differs')],
      5,
    )
  })
  afterEach(() => hub.stop())
  const approve = async (...wishes: object[]) => (await hub.ask('oper', 'approve', { body: { approve: wishes } })).json

  it('what was found waits, with why and what it may be', async () => {
    const { json } = await hub.ask('oper', 'discovered')
    expect(json.map((d: { endpoint: string }) => d.endpoint).sort()).toEqual(['urn:a', 'urn:odd'])
    expect(json.find((d: { endpoint: string }) => d.endpoint === 'urn:a')).toMatchObject({
      status: 'waiting',
      matches: cameraA,
    })
  })

  it('one that matches is approved as that device, audited, and told to its gateway', async () => {
    expect(await approve({ endpoint: 'urn:a' })).toEqual({ approved: [cameraA], refused: [] })
    const row = await bindingOf(hub, cameraA)
    expect(row).toMatchObject({
      gateway: gatewayA,
      endpoint: 'urn:a',
      credential: 'default',
      xaddr: 'http://127.11.0.5:8000/onvif/device_service',
    })
    expect(await acts(hub, 'discovered.approve')).toMatchObject([{ actor: 'oper', subject: cameraA }])
    expect(hub.registryChanges().at(-1)?.gateways).toEqual([gatewayA])
  })

  it('one that has moved is approved again, as the same device alone', async () => {
    await approve({ endpoint: 'urn:a' })
    await putFound(gatewaysOf(hub), gatewayA, [found('urn:a', '127.11.0.99')], 6)
    const { json } = await hub.ask('oper', 'discovered')
    expect(json.find((d: { endpoint: string }) => d.endpoint === 'urn:a')).toMatchObject({
      status: 'approved',
      moved: true,
      matches: cameraA,
    })
    const other = await approve({ endpoint: 'urn:a', device: '43040500001320000002' })
    expect(other.refused[0].problem).toContain(`is approved as ${cameraA}`)
    expect(await approve({ endpoint: 'urn:a' })).toEqual({ approved: [cameraA], refused: [] })
    const row = await bindingOf(hub, cameraA)
    expect(row.xaddr).toBe('http://127.11.0.99:8000/onvif/device_service')
  })

  it('each that cannot be approved says why', async () => {
    const device = '43040500001320000002'
    expect(
      (
        await approve(
          { endpoint: 'urn:odd', device },
          { endpoint: 'urn:odd', device, confirm: 'yes' },
          { endpoint: 'urn:nothing' },
          { endpoint: 'urn:a', device: sensorA },
          { endpoint: 'urn:odd', device: '43040500001329999999', confirm: 'xaddr-host-differs' },
          { endpoint: 'urn:odd', confirm: 'xaddr-host-differs' },
        )
      ).refused.map((r: { problem: string }) => r.problem),
    ).toEqual([
      'urn:odd is quarantined as xaddr-host-differs: confirm it by name',
      'urn:odd is quarantined as xaddr-host-differs: confirm it by name',
      'there is no discovered device urn:nothing',
      `device is ${sensorA}: must be a camera`,
      'there is no device 43040500001329999999',
      'device is urn:odd: matches no planned record: name the device',
    ])
  })

  it('an oddity is approved when it is confirmed by its reason', async () => {
    const device = '43040500001320000002'
    expect(await approve({ endpoint: 'urn:odd', device, confirm: 'xaddr-host-differs', credential: 'spare' })).toEqual({
      approved: [device],
      refused: [],
    })
    const row = await bindingOf(hub, device)
    expect(row.credential).toBe('spare')
  })
})
