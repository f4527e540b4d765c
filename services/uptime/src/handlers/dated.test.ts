/** The dated record in the figures: time counts for whom it then belonged to, and one person alone does not change what was. */

import { createMetrics } from '@hub/platform'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { camera, cameraA, cameraB, type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import { consumeDecisions } from '../../../registry/src/restate.ts'
import { consumeProposals } from '../adjustments/proposals.ts'
import { uptimeMetrics } from '../rollup/metrics.ts'
import { Rollup } from '../rollup/rollup.ts'

const at = (text: string) => Date.parse(`${text}+08:00`)
const [october, november, december] = [at('2027-02-01T00:00'), at('2027-03-01T00:00'), at('2027-04-01T00:00')]
const downSeconds = 183_229
const rule = JSON.stringify({ id: 'confirmed', count: 1, needed: 1, firstAt: 1, lastAt: 2 })

let hub: Hub
const stops: (() => Promise<void>)[] = []
const inService = { inServiceAt: '2027-01-20' }

/** A month with a long outage in it, rolled up; now it is the first day of the next one, ten in the morning. */
beforeEach(async () => {
  hub = await startHub()
  await hub.importRecords([camera(cameraA, inService), camera(cameraB, inService)])
  const down = november + 20 * 86_400_000
  for (const device of [cameraA, cameraB])
    await hub.record.commit((sqlite) => {
      const put = sqlite.prepare('INSERT INTO interval VALUES (?, ?, ?, ?, ?)')
      put.run(device, october - 30 * 86_400_000, down, 'up', rule)
      put.run(device, down, down + downSeconds * 1_000, 'down', rule)
      put.run(device, down + downSeconds * 1_000, null, 'up', rule)
    })
  await jump(december + 10 * 3_600_000 - hub.clock.now())
  await roll()
  stops.push(await consumeProposals(hub.deps), await consumeDecisions(hub.deps))
})
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  await hub.stop()
})

/** Nothing of the hub runs meanwhile, and sessions are over. */
const jump = async (ms: number) => {
  hub.clock.jump(ms)
  for (const user of ['sys', 'oper']) await hub.login(user)
}
const roll = () =>
  new Rollup({
    record: hub.record,
    clock: hub.clock,
    metrics: uptimeMetrics(createMetrics()),
    rest: async () => {},
  }).run()
const byCarrier = async (from: number, to: number, more = '') =>
  (await hub.ask('oper', 'uptime', { query: `?from=${from}&to=${to}&by=carrier${more}` })).json.rows
const adjustments = async () => (await hub.ask('oper', 'adjustments')).json
const decide = (user: string, id: string, decision: string) =>
  hub.ask(user, 'decideAdjustment', { params: { id }, body: { decision } })
/** What was committed has been taken. */
const taken = async () => {
  for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve))
  await hub.deps.outbox.settled()
  for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve))
}

test('a row imported with another carrier on the first of a month moves nothing of the month before', async () => {
  const before = await byCarrier(november, december)
  const odd = [november + 12_345, december - 54_321] as const
  const beforeOdd = await byCarrier(...odd, '&by=device')
  expect(before).toMatchObject([{ key: { carrier: 'telecom' }, devices: 2, down: 2 * downSeconds * 1_000 }])
  const { json } = await hub.importRecords([camera(cameraA, { ...inService, carrier: 'mobile' })])
  expect(json).toMatchObject({
    created: 0,
    changed: [{ row: 2, device: cameraA, fields: ['Carrier'] }],
    held: [],
    waiting: 0,
    refused: [],
  })
  await jump(3_600_000)
  expect(await byCarrier(november, december)).toEqual(before)
  expect(await byCarrier(...odd, '&by=device')).toEqual(beforeOdd)
  await jump(2 * 86_400_000)
  await roll()
  expect(await byCarrier(november, december)).toEqual(before)
  const since = await byCarrier(december, hub.clock.now())
  const hours = (hub.clock.now() - december) / 3_600_000
  expect(
    since.map((row: { key: object; up: number; devices: number }) => [row.key, row.devices, row.up / 3_600_000]),
  ).toEqual([
    [{ carrier: 'mobile' }, 1, expect.closeTo(hours - 10, 2)],
    [{ carrier: 'telecom' }, 2, expect.closeTo(hours + 10, 2)],
  ])
  expect(since[0].up + since[1].up).toBe(2 * (hub.clock.now() - december))
})

test('an early RetiredAt takes no second out of the past until a second person has approved it', async () => {
  const before = await byCarrier(november, december)
  const retired = camera(cameraA, { ...inService, stage: 'retired', retiredAt: '2027-03-15' })
  const { json } = await hub.importRecords([retired])
  expect(json).toMatchObject({
    changed: [{ fields: ['Stage'] }],
    refused: [],
    held: [{ row: 2, device: cameraA, from: at('2027-03-15T00:00'), due: false }],
  })
  await taken()
  expect(await byCarrier(november, december)).toEqual(before)
  const [held] = await adjustments()
  expect(held).toMatchObject({
    id: json.held[0].adjustment,
    kind: 'record',
    change: { due: false },
    status: 'requested',
    requestedBy: 'sys',
  })
  expect(held.evidence).toMatch(/^registry\.csv sha256:[0-9a-f]{64} row 2$/)

  const { json: effect } = await hub.ask('oper', 'adjustmentEffect', { params: { id: held.id } })
  expect(effect.before.down - effect.after.down).toBe(downSeconds * 1_000)
  expect(effect.figures).toContainEqual(expect.objectContaining({ by: 'carrier', key: 'telecom' }))

  const again = await hub.importRecords([retired])
  expect(again.json).toMatchObject({ changed: [], unchanged: 0, waiting: 1, held: [{ adjustment: held.id }] })
  expect((await decide('sys', held.id, 'approve')).status).toBe(403)
  expect((await decide('oper', held.id, 'approve')).status).toBe(200)
  await taken()
  const after = await byCarrier(november, december)
  expect(before[0].down - after[0].down).toBe(downSeconds * 1_000)
  await roll()
  expect(await byCarrier(november, december)).toEqual(after)
  const lines = await hub.record.db.selectFrom('audit').selectAll().where('action', '=', 'device.restate').execute()
  expect(lines.map(({ actor, subject, detail }) => ({ actor, subject, ...JSON.parse(detail!) }))).toMatchObject([
    {
      actor: 'oper',
      subject: cameraA,
      adjustment: held.id,
      fields: [{ field: 'due', from: at('2027-03-15T00:00'), was: true, is: false }],
    },
  ])
  const { json: device } = await hub.ask('oper', 'device', { params: { id: cameraA } })
  expect(device.record).toMatchObject({ stage: 'retired', retiredAt: '2027-03-15' })

  await decide('oper', held.id, 'withdraw')
  await taken()
  expect(await byCarrier(november, december)).toEqual(before)
})

test('another carrier since a day of the past: each figure that it changes is shown before it is approved', async () => {
  const body = {
    kind: 'record',
    change: { carrier: 'mobile' },
    scope: { by: 'devices', values: [cameraA] },
    from: november + 10 * 86_400_000,
    to: december,
    reason: '合同变更',
    evidence: '衡采合 2027-031',
    applicant: '移动',
  }
  const { json: effect } = await hub.ask('sys', 'previewAdjustment', { body })
  const carriers = effect.figures.filter(({ by }: { by: string }) => by === 'carrier')
  expect(
    carriers.map(({ key, before, after }: { key: string; before: { down: number }; after: { down: number } }) => [
      key,
      (after.down - before.down) / 1_000,
    ]),
  ).toEqual([
    ['mobile', downSeconds],
    ['telecom', -downSeconds],
  ])
  const { json: asked } = await hub.ask('sys', 'requestAdjustment', { body })
  const before = await byCarrier(november, december)
  expect(before).toHaveLength(1)
  await decide('oper', asked.id, 'approve')
  await taken()
  const check = async () =>
    expect(await byCarrier(november, december)).toMatchObject([
      { key: { carrier: 'mobile' }, devices: 1, down: downSeconds * 1_000, up: 21 * 86_400_000 - downSeconds * 1_000 },
      { key: { carrier: 'telecom' }, devices: 2, down: downSeconds * 1_000 },
    ])
  await check()
  await roll()
  await check()
  expect((await hub.ask('sys', 'requestAdjustment', { body: { ...body, to: hub.clock.now() + 1 } })).status).toBe(400)
  expect((await hub.ask('sys', 'requestAdjustment', { body: { ...body, evidence: undefined } })).status).toBe(400)
})

test.each([
  [
    'RetiredAt',
    { stage: 'retired', retiredAt: '2027-01-10' },
    'row 2: RetiredAt is 2027-01-10: must not be before InServiceAt (2027-01-20)',
  ],
  ['CivilCode', { civilCode: '430481' }, 'row 2: CivilCode is 430481: must be 430405, of which the device code is'],
  ['InServiceAt', { inServiceAt: '2028-01-01' }, 'row 2: InServiceAt is 2028-01-01: is in service since 2027-01-20'],
] as const)('a row that contradicts itself or what was is refused by name: %s', async (_, change, message) => {
  const { json } = await hub.importRecords([camera(cameraA, { ...inService, ...change })])
  expect(json.refused.map((row: { message: string }) => row.message)).toEqual([message])
})

test('a figure, its changes and the record can be had as they were known at an instant, or it is said that they are not kept', async () => {
  const query = `?from=${november}&to=${december}&by=carrier`
  const asked = async (more: string) => hub.ask('oper', 'uptime', { query: query + more })
  expect((await asked(`&asOf=${hub.clock.now()}`)).json).toMatchObject({ code: 'asof.not-kept', status: 409 })
  await hub.record.commit((sqlite) => sqlite.exec(`INSERT INTO interval_past_kept VALUES (${november})`))
  const then = hub.clock.now()
  const before = await asked('')
  await jump(60_000)
  const body = {
    kind: 'correction',
    countAs: 'up',
    scope: { by: 'devices', values: [cameraB] },
    from: november,
    to: december,
    reason: '误报',
    applicant: '电信',
  }
  const { json: asAdjusted } = await hub.ask('sys', 'requestAdjustment', { body })
  await decide('oper', asAdjusted.id, 'approve')
  await hub.importRecords([camera(cameraA, { ...inService, carrier: 'mobile', name: '新名' })])
  const after = await asked('')
  expect(before.json.total.down - after.json.total.down).toBe(downSeconds * 1_000)
  const rewound = await asked(`&asOf=${then}`)
  expect(rewound.json).toEqual({ ...before.json, asOf: then })
  expect(
    (await hub.ask('oper', 'kpis', { query: `?from=${november}&to=${december}&asOf=${then}` })).json,
  ).toMatchObject({
    asOf: then,
    kpis: [{ kpi: 'online-time', numerator: before.json.total.up }, { kpi: 'platform-normal' }],
    notKept: expect.arrayContaining(['online-snapshot', 'record']),
  })
  const { json: changes } = await hub.ask('oper', 'uptimeChanges', {
    query: `?from=${november}&to=${december}&asOf=${then}`,
  })
  expect(changes).toMatchObject({
    before: { down: before.json.total.down },
    after: { down: after.json.total.down },
    total: 1,
    devices: [{ device: cameraB, because: [{ kind: 'adjustment', adjustment: asAdjusted.id }] }],
  })
  const { json: history } = await hub.ask('oper', 'deviceHistory', { params: { id: cameraA } })
  expect(history).toMatchObject({
    record: { carrier: 'mobile', name: '新名' },
    tenures: [{ carrier: 'telecom' }, { carrier: 'mobile', to: null }],
  })
  const was = await hub.ask('oper', 'deviceHistory', { params: { id: cameraA }, query: `?asOf=${then}` })
  expect(was.json).toMatchObject({
    record: { carrier: 'telecom' },
    tenures: [{ carrier: 'telecom', from: 0, to: null }],
  })
  expect((await hub.ask('oper', 'deviceHistory', { params: { id: cameraA }, query: '?asOf=1' })).status).toBe(404)
  expect((await asked(`&asOf=${hub.clock.now() + 1}`)).status).toBe(400)
})
