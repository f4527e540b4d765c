import type { JudgeOutage } from '@hub/contracts'
import { tablesOf } from '@hub/platform'
import { describe, expect, it } from 'vitest'
import { workOrdersModule } from '../../work-orders/src/module.ts'
import { judgeOutage } from './judge.ts'
import { agreementOf } from './judgements.ts'
import { outagesModule } from './module.ts'
import type { OutagesDb } from './tables.ts'
import { cameraId, createRig, type Rig } from './testing/rig.ts'

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => cameraId(from + n))
const fail = (rig: Rig, devices: readonly string[]) => {
  for (const device of devices) rig.say(device, 'down')
}
const heal = (rig: Rig, devices: readonly string[]) => {
  for (const device of devices) rig.say(device, 'up')
}
const summary = async (rig: Rig) =>
  (await rig.board()).outages.map((o) => `${o.cause.kind} ${o.cause.key}: ${o.down}/${o.members} ${o.status}`).sort()
const why = { reason: '现场确认' }

/** A switch of ten is out. */
async function cut(options: Parameters<typeof createRig>[0] = {}) {
  const rig = await createRig(options)
  await rig.pass(31)
  fail(rig, ids(0, 10))
  await rig.pass(2)
  const [outage] = (await rig.board()).outages
  return { rig, id: outage!.id }
}

const judge = (rig: Rig, id: string, said: JudgeOutage, scope: 'city' | ['430405'] | ['430421'] = 'city') =>
  tablesOf<OutagesDb>(rig.record).transaction((trx) =>
    judgeOutage(trx, rig.deps, { scope, user: 'li' }, id, said, rig.clock.now()),
  )
const refused = (rig: Rig, id: string, said: JudgeOutage) =>
  judge(rig, id, said).then(
    () => 'taken',
    (err: { code?: string; params?: { limit?: string }; message: string }) => err.message,
  )

describe('devices are split off an outage', () => {
  it('and stay an outage of their own over a restart, with who had the whole; undone they are back', async () => {
    const { rig, id } = await cut()
    await judge(rig, id, { act: 'split', devices: ids(0, 4), ...why })
    await rig.pass(2)
    const [part] = (await rig.detail(id)).judgements
    expect(part).toMatchObject({ act: 'split', actor: 'li', effect: 'done', devices: 4, was: { kind: 'switch' } })
    const lines = [expect.stringMatching(/^moment @\d+: 4\/4 open$/), 'switch SW-0: 6/6 open']
    expect(await summary(rig)).toEqual(lines)
    await rig.pass(120)
    await rig.end()
    await rig.start()
    await rig.pass(60)
    expect(await summary(rig)).toEqual(lines)
    // One that fails again goes where it was put.
    heal(rig, ids(0, 1))
    await rig.pass(20)
    fail(rig, ids(0, 1))
    await rig.pass(60)
    expect(await summary(rig)).toEqual(lines)
    const other = await rig.detail(part!.others[0]!)
    expect(other.steps).toMatchObject([{ actor: 'li', step: 'split', note: '现场确认' }])
    expect(other.outage.held).toBe(true)
    await judge(rig, id, { act: 'undo', judgement: part!.id, reason: '弄错了' })
    await rig.pass(2)
    expect(await summary(rig)).toEqual(['switch SW-0: 10/10 open'])
    expect((await rig.detail(id)).judgements.map(({ act, undone }) => [act, undone])).toEqual([
      ['undo', false],
      ['split', true],
    ])
    await rig.stop()
  })

  it('with its reason in the life of the outage and in the audit', async () => {
    const { rig, id } = await cut()
    await judge(rig, id, { act: 'split', devices: ids(0, 4), ...why })
    const audit = rig.record.sqlite.prepare("SELECT actor, action, subject, detail FROM audit WHERE actor = 'li'").all()
    expect(audit).toMatchObject([{ action: 'outage.split', subject: id }])
    expect(JSON.parse(String(audit[0]!.detail))).toMatchObject({ note: '现场确认', devices: 4 })
    expect((await rig.detail(id)).steps).toMatchObject([{ actor: 'li', step: 'split', note: '现场确认' }])
    await rig.stop()
  })
})

describe('outages are merged', () => {
  it('into one, with the cause that is said; undone each is what it was, under its own id', async () => {
    const { rig, id } = await cut()
    await rig.pass(300)
    fail(rig, ids(20, 24))
    await rig.pass(60)
    const pole = (await rig.board()).outages.find((o) => o.cause.kind === 'pole')!
    await judge(rig, id, { act: 'merge', outages: [pole.id], ...why })
    await rig.pass(2)
    await judge(rig, id, { act: 'cause', cause: { kind: 'other', key: '施工挖断光缆' }, ...why })
    await rig.pass(1_000)
    expect(await summary(rig)).toEqual(['other 施工挖断光缆: 14/14 open'])
    const [named, merged] = (await rig.detail(id)).judgements
    expect(await refused(rig, id, { act: 'undo', judgement: merged!.id, ...why })).toContain('newer')
    await judge(rig, id, { act: 'undo', judgement: named!.id, ...why })
    await rig.pass(2)
    await judge(rig, id, { act: 'undo', judgement: merged!.id, ...why })
    await rig.pass(2)
    expect(await summary(rig)).toEqual(['pole P-5: 4/4 open', 'switch SW-0: 10/10 open'])
    expect((await rig.detail(pole.id)).outage.id).toBe(pole.id)
    await rig.stop()
  })
})

describe('what is not one event', () => {
  it('is each device alone, and is not joined again', async () => {
    const { rig, id } = await cut()
    await judge(rig, id, { act: 'apart', ...why })
    await rig.pass(400)
    await rig.end()
    await rig.start()
    await rig.pass(100)
    expect((await rig.board()).outages.map(({ members, cause }) => [members, cause.kind])).toEqual(
      Array(10).fill([1, 'device']),
    )
    const [apart] = (await rig.detail(id)).judgements
    await judge(rig, id, { act: 'undo', judgement: apart!.id, ...why })
    await rig.pass(2)
    expect(await summary(rig)).toEqual(['switch SW-0: 10/10 open'])
    await rig.stop()
  })
})

it('an outage that has been over for hours is judged too, until it is closed', async () => {
  const { rig, id } = await cut()
  heal(rig, ids(0, 10))
  await rig.pass(130)
  rig.clock.advance(5 * 3_600_000)
  await rig.pass(12)
  await judge(rig, id, { act: 'split', devices: ids(0, 4), ...why })
  await rig.pass(2)
  expect(await summary(rig)).toEqual([
    expect.stringMatching(/^moment @\d+: 0\/4 resolved$/),
    'switch SW-0: 0/6 resolved',
  ])
  await rig.pass(30)
  // What fails now is another matter.
  fail(rig, ids(0, 10))
  await rig.pass(5)
  expect(await summary(rig)).toContain('switch SW-0: 10/10 open')
  rig.clock.advance(86_400_000)
  await rig.pass(6)
  expect(await refused(rig, id, { act: 'apart', ...why })).toContain('closed')
  await rig.stop()
})

it('what cannot be is refused by its name', async () => {
  const { rig, id } = await cut()
  const other = cameraId(30)
  expect(await refused(rig, id, { act: 'split', devices: [other], ...why })).toContain(`${other} is not in it`)
  expect(await refused(rig, id, { act: 'split', devices: ids(0, 10), ...why })).toContain('nothing would be left')
  expect(await refused(rig, id, { act: 'merge', outages: [id], ...why })).toContain('itself')
  expect(await refused(rig, 'none', { act: 'apart', ...why })).toContain('there is no outage none')
  expect(await refused(rig, id, { act: 'cause', cause: { kind: 'pole', key: '' }, ...why })).toContain('named')
  expect(await refused(rig, id, { act: 'cause', cause: { kind: 'device', key: other }, ...why })).toContain('kind')
  await rig.pass(300)
  fail(rig, ids(20, 24))
  await rig.pass(60)
  expect(await refused(rig, id, { act: 'cause', cause: { kind: 'pole', key: 'P-5' }, ...why })).toContain('merge them')
  expect(await refused(rig, id, { act: 'split', devices: ids(0, 2), ...why })).toBe('taken')
  expect(await refused(rig, id, { act: 'apart', ...why })).toContain('not in effect yet')
  await rig.pass(2)
  await expect(judge(rig, id, { act: 'apart', ...why }, ['430421'])).rejects.toThrow('there is no outage')
  await rig.stop()
})

describe('work orders', () => {
  const order = (rig: Rig, n: number, outage: string, devices: readonly string[]) => {
    const id = `0198f2f0-0000-7000-8000-00000000000${n}`
    rig.record.sqlite
      .prepare(
        `INSERT INTO work_order (id, number, outage, unit, districts, status, issued_by, issued_at, respond_by, repair_by, rule)
         VALUES (?, ?, ?, '甲', '["430405"]', 'issued', 'li', 0, 9e15, 9e15, '{}')`,
      )
      .run(id, `GD-${n}`, outage)
    for (const device of devices)
      rig.record.sqlite.prepare('INSERT INTO work_order_device (work_order, device) VALUES (?, ?)').run(id, device)
  }
  const orders = (rig: Rig) =>
    rig.record.sqlite
      .prepare('SELECT number, outage FROM work_order ORDER BY number')
      .all()
      .map(({ number, outage }) => `${number} ${outage}`)

  it('go along when all their devices do, and with devices on both sides they refuse the split by their number', async () => {
    const { rig, id } = await cut({ modules: [outagesModule, workOrdersModule] })
    order(rig, 1, id, ids(0, 2))
    order(rig, 2, id, ids(4, 6))
    expect(await refused(rig, id, { act: 'split', devices: ids(1, 3), ...why })).toContain(
      'GD-1 has devices on both sides',
    )
    expect(orders(rig)).toEqual([`GD-1 ${id}`, `GD-2 ${id}`])
    await judge(rig, id, { act: 'split', devices: ids(0, 4), ...why })
    await rig.pass(3)
    const [split] = (await rig.detail(id)).judgements
    expect(orders(rig)).toEqual([`GD-1 ${split!.others[0]}`, `GD-2 ${id}`])
    await judge(rig, id, { act: 'undo', judgement: split!.id, ...why })
    await rig.pass(3)
    expect(orders(rig)).toEqual([`GD-1 ${id}`, `GD-2 ${id}`])
    await rig.stop()
  })
})

it('agreement of a month counts the judged outages, and of these those that were confirmed only', async () => {
  const { rig, id } = await cut()
  await rig.pass(300)
  fail(rig, ids(20, 24))
  await rig.pass(60)
  const pole = (await rig.board()).outages.find((o) => o.cause.kind === 'pole')!
  await judge(rig, id, { act: 'confirm', ...why })
  await judge(rig, pole.id, { act: 'cause', cause: { kind: 'moment', key: '' }, ...why })
  await rig.pass(2)
  const { db } = tablesOf<OutagesDb>(rig.record)
  const month = { month: expect.stringMatching(/^\d{4}-\d{2}$/) }
  expect((await agreementOf(db, rig.clock.now())).months).toEqual([{ ...month, judged: 2, agreed: 1 }])
  const [named] = (await rig.detail(pole.id)).judgements
  await judge(rig, pole.id, { act: 'undo', judgement: named!.id, ...why })
  await rig.pass(2)
  expect((await agreementOf(db, rig.clock.now())).months).toEqual([{ ...month, judged: 1, agreed: 1 }])
  await rig.stop()
})
