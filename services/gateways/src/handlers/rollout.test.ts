/** The planned rollout, what was found, and deciding on it, over real HTTP and a real record. */
import type { FoundDevice } from '@hub/contracts'
import { tablesOf } from '@hub/platform'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { camera, cameraA, cameraB, gatewayA, gatewayB, type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import { putFound } from '../put-found.ts'
import type { GatewaysData } from '../tables.ts'

const id = (n: number, district = '430405') => `${district}00001320${String(n).padStart(6, '0')}`
const found = (endpoint: string, address: string, more: Partial<FoundDevice> = {}): FoundDevice => ({
  endpoint,
  address,
  quarantine: 'new',
  xaddrs: [`http://${address}:8000/onvif/device_service`],
  seenAt: 1_800_000_000_000,
  ...more,
})
const gatewaysOf = (hub: Hub) => tablesOf<GatewaysData>(hub.record).db
type Row = { device: { id: string } | null; found: { endpoint: string } | null }

let hub: Hub
beforeEach(async () => {
  hub = await startHub()
  await hub.importRecords([
    camera(cameraA, { ipAddress: '127.11.0.1', stage: 'planned' }),
    camera(id(2), { ipAddress: '127.11.0.2', mac: '44:19:b6:00:00:02', carrier: 'mobile' }),
    camera(id(3), { ipAddress: '127.11.0.3' }),
    camera(id(4), { ipAddress: '127.11.0.4', name: '=1+1' }),
    camera(cameraB, { ipAddress: '127.20.0.1' }),
  ])
  const at = hub.clock.now()
  await putFound(
    gatewaysOf(hub),
    gatewayA,
    [
      found('urn:1', '127.11.0.1'),
      found('urn:2', '127.11.0.99', { mac: '44-19-B6-00-00-02' }),
      found('urn:3a', '127.11.0.3'),
      found('urn:3b', '127.11.0.3'),
      found('urn:stray', '127.11.0.77', { name: '@SUM(A1)' }),
      // Multicast reaches the other district, too: there it is at home.
      found('urn:b', '127.20.0.1'),
    ],
    at,
  )
  await putFound(gatewaysOf(hub), gatewayB, [found('urn:b', '127.20.0.1')], at)
})
afterEach(() => hub.stop())
const rollout = async (query = '', user = 'oper') => (await hub.ask(user, 'rollout', { query })).json
const devices = (rows: Row[]) => rows.map((row) => row.device?.id)
const endpoints = (rows: Row[]) => rows.map((row) => row.found?.endpoint)

describe('the rollout', () => {
  it('counts what is planned, found and neither, by district and carrier', async () => {
    const answer = await rollout()
    expect(answer.counts).toEqual({ planned: 5, approved: 0, matched: 3, missing: 2, unplanned: 3 })
    expect(answer.by).toEqual({ address: 2, mac: 1 })
    expect(answer.districts).toEqual([
      { key: '430405', planned: 4, approved: 0, matched: 2, missing: 2 },
      { key: '430426', planned: 1, approved: 0, matched: 1, missing: 0 },
    ])
    expect(answer.carriers).toEqual([
      { key: 'telecom', planned: 4, approved: 0, matched: 2, missing: 2 },
      { key: 'mobile', planned: 1, approved: 0, matched: 1, missing: 0 },
    ])
    expect(devices(answer.rows)).toEqual([id(3), id(4)])
  })

  it('lists what matches by what, and what is not planned with why', async () => {
    const { rows } = await rollout('?list=matched')
    expect(rows.map((row: Row & { by: string }) => [row.device!.id, row.found!.endpoint, row.by])).toEqual([
      [cameraA, 'urn:1', 'address'],
      [id(2), 'urn:2', 'mac'],
      [cameraB, 'urn:b', 'address'],
    ])
    expect(devices((await rollout('?list=matched&by=mac')).rows)).toEqual([id(2)])
    const strays = (await rollout('?list=unplanned')).rows
    expect(endpoints(strays).sort()).toEqual(['urn:3a', 'urn:3b', 'urn:stray'])
    const contested = strays.find((row: Row) => row.found?.endpoint === 'urn:3a')
    expect(contested.unmatched).toEqual({ reason: 'contested', by: 'address', candidates: [id(3)] })
  })

  it('is filtered, searched and paged, and counts what the filters leave', async () => {
    const mobile = await rollout('?list=matched&carrier=mobile')
    expect([mobile.counts.planned, devices(mobile.rows)]).toEqual([1, [id(2)]])
    expect(devices((await rollout('?search=0.4')).rows)).toEqual([id(4)])
    const page = await rollout('?list=matched&offset=1&limit=1')
    expect([page.total, devices(page.rows)]).toEqual([3, [id(2)]])
    expect((await rollout('?list=unplanned&district=430426')).rows).toEqual([])
  })

  it('shows a viewer his own district, in each list', async () => {
    const own = await rollout('?list=matched', 'oper-b')
    expect([own.counts, devices(own.rows)]).toEqual([
      { planned: 1, approved: 0, matched: 1, missing: 0, unplanned: 0 },
      [cameraB],
    ])
    for (const list of ['missing', 'matched', 'unplanned']) {
      const { text } = await hub.ask('oper-b', 'exportRollout', { query: `?list=${list}` })
      expect(text).not.toMatch(/430405|127\.11\./)
    }
  })

  it('leaves as CSV that no spreadsheet runs', async () => {
    const { text, headers } = await hub.ask('oper', 'exportRollout', { query: '?list=missing' })
    expect(headers.get('content-disposition')).toMatch(/hengyang-rollout-missing-[\d-]+\.csv/)
    expect(text.split('\r\n')).toHaveLength(4)
    expect(text).toContain(`${id(4)},'=1+1,430405,telecom`)
    expect((await hub.ask('oper', 'exportRollout', { query: '?list=unplanned' })).text).toContain(",'@SUM(A1),")
  })
})

describe('rejection', () => {
  const reject = async (...wishes: object[]) => (await hub.ask('oper', 'reject', { body: { reject: wishes } })).json

  it('puts a device aside with the reason, and leaves its record to the other that claims it', async () => {
    expect(await reject({ endpoint: 'urn:3b', reason: '重复应答' }, { endpoint: 'urn:none', reason: 'x' })).toEqual({
      rejected: ['urn:3b'],
      refused: [{ endpoint: 'urn:none', problem: 'there is no discovered device urn:none' }],
    })
    hub.clock.advance(10_000)
    expect((await rollout()).counts).toMatchObject({ matched: 4, missing: 1, unplanned: 1 })
    const row = (await hub.ask('oper', 'discovered')).json.find((d: { endpoint: string }) => d.endpoint === 'urn:3b')
    expect(row).toMatchObject({ status: 'rejected', rejection: { actor: 'oper', reason: '重复应答' } })
    const acts = await hub.record.db.selectFrom('audit').selectAll().where('action', '=', 'discovered.reject').execute()
    expect(acts).toMatchObject([{ actor: 'oper', subject: 'urn:3b' }])
  })

  it('stays when the device is found again, and is undone by approving', async () => {
    await reject({ endpoint: 'urn:1', reason: 'not ours' })
    await putFound(gatewaysOf(hub), gatewayA, [found('urn:1', '127.11.0.1', { name: 'again' })], 9)
    const of = async () =>
      (await hub.ask('oper', 'discovered')).json.find((d: { endpoint: string }) => d.endpoint === 'urn:1')
    expect(await of()).toMatchObject({ status: 'rejected', name: 'again' })
    const { json } = await hub.ask('oper', 'approve', { body: { approve: [{ endpoint: 'urn:1' }] } })
    expect(json).toEqual({ approved: [cameraA], refused: [] })
    expect(await of()).toMatchObject({ status: 'approved' })
    expect(await of()).not.toHaveProperty('rejection')
  })

  it('refuses one that is approved, and one without a reason', async () => {
    await hub.ask('oper', 'approve', { body: { approve: [{ endpoint: 'urn:1' }] } })
    expect((await reject({ endpoint: 'urn:1', reason: 'x' })).refused[0].problem).toBe(
      'endpoint is urn:1: is approved: retire its device',
    )
    expect((await hub.ask('oper', 'reject', { body: { reject: [{ endpoint: 'urn:2', reason: ' ' }] } })).status).toBe(
      400,
    )
  })
})

describe('approval in bulk', () => {
  const approve = async (wishes: object[], user = 'oper') =>
    (await hub.ask(user, 'approve', { body: { approve: wishes } })).json

  it('one record is not approved for two devices, nor one device for two records', async () => {
    const wishes = [
      { endpoint: 'urn:1' },
      { endpoint: 'urn:stray', device: cameraA },
      { endpoint: 'urn:1', device: id(4) },
    ]
    const { approved, refused } = await approve(wishes)
    expect(approved).toEqual([cameraA])
    expect(refused.map((r: { problem: string }) => r.problem)).toEqual([
      `device is ${cameraA}: is wanted for urn:1 as well`,
      `endpoint is urn:1: is wanted for ${cameraA} as well`,
    ])
    const later = await approve([{ endpoint: 'urn:1', device: id(4) }])
    expect(later.refused[0].problem).toBe(`device is ${id(4)}: is approved as ${cameraA}`)
  })

  it('says why there is no record, in the language asked for', async () => {
    const zh = await hub.ask('oper', 'approve', {
      body: { approve: [{ endpoint: 'urn:3a' }] },
      headers: { 'accept-language': 'zh-CN' },
    })
    expect(zh.json.refused[0].problem).toBe('device 的值 urn:3a 不合要求：另有设备对应同一档案，请指定设备')
  })

  it('a device of a district that its gateway does not serve is refused by itself', async () => {
    const { approved, refused } = await approve([{ endpoint: 'urn:1', device: cameraB }, { endpoint: 'urn:2' }])
    expect(approved).toEqual([id(2)])
    expect(refused[0].problem).toContain(`must be in a district of gateway ${gatewayA}`)
  })

  it('takes 5,000 at once, and tells of each that is refused', async () => {
    const many = Array.from({ length: 5_000 }, (_, n) => n + 1_000)
    const address = (n: number) => `127.11.${n >> 8}.${n & 255}`
    await hub.importRecords(many.filter((n) => n % 50 !== 0).map((n) => camera(id(n), { ipAddress: address(n) })))
    for (let i = 0; i < 5; i++)
      await putFound(
        gatewaysOf(hub),
        gatewayA,
        many.slice(i * 1_000, i * 1_000 + 1_000).map((n) => found(`urn:n${n}`, address(n))),
        1,
      )
    const answer = await approve(many.map((n) => ({ endpoint: `urn:n${n}` })))
    expect([answer.approved.length, answer.refused.length]).toEqual([4_900, 100])
    expect(answer.refused[0]).toEqual({
      endpoint: 'urn:n1000',
      problem: 'device is urn:n1000: matches no planned record: name the device',
    })
    expect(hub.registryChanges().at(-1)?.gateways).toEqual([gatewayA])
    const bound = await gatewaysOf(hub)
      .selectFrom('device_binding')
      .select('device')
      .where('xaddr', 'is not', null)
      .execute()
    expect(bound).toHaveLength(4_900)
  }, 60_000)
})
