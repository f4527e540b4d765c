import { describe, expect, it } from 'vitest'
import { cameraId, createRig, gateway, type Rig } from './testing/rig.ts'

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => cameraId(from + n))
const fail = (rig: Rig, devices: readonly string[]) => {
  for (const device of devices) rig.say(device, 'down')
}
const summary = async (rig: Rig, view: 'current' | 'closed' | 'all' = 'current') =>
  (await rig.board(view)).outages.map((o) => `${o.cause.kind} ${o.cause.key}: ${o.down}/${o.members} ${o.status}`)

/** Past the start-up grace. */
async function calm(options: Parameters<typeof createRig>[0] = {}) {
  const rig = await createRig(options)
  await rig.pass(31)
  return rig
}

describe('a switch that loses power', () => {
  it('is one outage with its cause, its members and its evidence, and is told of', async () => {
    const rig = await calm()
    fail(rig, ids(0, 10))
    await rig.pass(2)
    expect(await summary(rig)).toEqual(['switch SW-0: 10/10 open'])
    const [row] = (await rig.board()).outages
    expect(row).toMatchObject({ importance: 'high', expected: false, districts: ['430405'], to: null })
    expect(row!.evidence).toMatchObject({ down: 10, of: 10 })
    const detail = await rig.detail(row!.id)
    expect(detail.members.map(({ device }) => device)).toEqual(ids(0, 10))
    expect(detail.changes.map(({ change }) => change)).toEqual(['opened'])
    expect(rig.told).toContainEqual(expect.stringContaining(`hub/v1/changed {"v":1`))
  })

  it('heals member by member, is resolved by itself, and closed a day later; each step is in the audit', async () => {
    const rig = await calm()
    fail(rig, ids(0, 10))
    await rig.pass(60)
    for (const device of ids(0, 8)) rig.say(device, 'up')
    await rig.pass(2)
    expect(await summary(rig)).toEqual(['switch SW-0: 2/10 open'])
    for (const device of ids(8, 10)) rig.say(device, 'up')
    await rig.pass(2)
    expect(await summary(rig)).toEqual(['switch SW-0: 0/10 open'])
    await rig.pass(130)
    expect(await summary(rig)).toEqual(['switch SW-0: 0/10 resolved'])
    rig.clock.advance(86_400_000)
    await rig.pass(6)
    expect(await summary(rig)).toEqual([])
    expect(await summary(rig, 'closed')).toEqual(['switch SW-0: 0/10 closed'])
    const audit = rig.record.sqlite.prepare("SELECT actor || ' ' || action AS line FROM audit ORDER BY id").all()
    expect(audit.map(({ line }) => line)).toEqual(['hub outage.resolve', 'hub outage.close'])
  })

  it('fails again within the half hour: it is the same outage, open again', async () => {
    const rig = await calm()
    fail(rig, ids(0, 10))
    await rig.pass(60)
    for (const device of ids(0, 10)) rig.say(device, 'up')
    await rig.pass(300)
    expect(await summary(rig)).toEqual(['switch SW-0: 0/10 resolved'])
    fail(rig, ids(0, 10))
    await rig.pass(10)
    expect(await summary(rig)).toEqual(['switch SW-0: 10/10 open'])
    expect((await rig.board()).outages[0]!.reopened).toBe(1)
  })
})

describe('as more comes to light', () => {
  it('lone outages are merged into the one that explains them; what people did goes on there', async () => {
    const rig = await calm()
    rig.say(cameraId(0), 'down')
    await rig.pass(2)
    rig.say(cameraId(15), 'down')
    await rig.pass(2)
    expect(await summary(rig)).toHaveLength(2)
    rig.record.sqlite.exec("UPDATE outage SET assignee = 'wang'")
    const before = (await rig.board()).outages.map(({ id }) => id)
    fail(rig, ids(0, 40))
    await rig.pass(10)
    expect(await summary(rig)).toEqual(['line telecom/430405: 40/40 open'])
    const [row] = (await rig.board()).outages
    expect(row!.assignee).toBe('wang')
    for (const id of before) expect((await rig.detail(id)).outage.id).toBe(row!.id)
  })
  it('a gateway that cannot see is named, and its cameras are unknown, not down', async () => {
    const rig = await calm()
    for (const device of ids(0, 40)) rig.say(device, 'unknown', { id: 'confirmed', reason: 'gateway-network' })
    await rig.pass(2)
    const { outages } = await rig.board()
    expect(outages.map(({ cause }) => cause)).toEqual([{ kind: 'gateway', key: gateway, mode: 'blind' }])
  })
  it('what a gateway had spooled shows that some were cut before it was held to be silent: they are the switch’s', async () => {
    const rig = await calm()
    for (const device of ids(0, 40)) rig.say(device, 'unknown', { id: 'stale' })
    const silentAt = rig.clock.now()
    await rig.pass(30)
    for (const device of ids(10, 40)) rig.say(device, 'up')
    for (const device of ids(0, 10)) rig.say(device, 'down', {}, silentAt - 20_000)
    await rig.pass(3)
    expect((await summary(rig)).sort()).toEqual([`gateway ${gateway}: 0/30 open`, 'switch SW-0: 10/10 open'])
    const rows = rig.record.sqlite.prepare('SELECT device, count(*) AS n FROM outage_member GROUP BY device').all()
    expect(rows.map(({ n }) => n)).toEqual(ids(0, 40).map(() => 1))
  })
  it('and that others never were silent: their time of it is over', async () => {
    const rig = await calm()
    const since = rig.clock.now() - 3_600_000
    for (const device of ids(0, 40)) rig.say(device, 'unknown', { id: 'stale' })
    await rig.pass(30)
    for (const device of ids(0, 40)) rig.say(device, 'up', {}, since)
    await rig.pass(3)
    expect(await summary(rig)).toEqual([`gateway ${gateway}: 0/40 open`])
  })
  it('a camera that leaves service leaves its outage, and one that is told of out of service begins none', async () => {
    const rig = await calm()
    rig.say(cameraId(0), 'down')
    rig.record.sqlite.exec(`UPDATE device SET stage = 'retired' WHERE id IN ('${cameraId(0)}', '${cameraId(1)}')`)
    await rig.pass(2)
    expect(await summary(rig)).toEqual([`device ${cameraId(0)}: 1/1 open`])
    rig.changeRegistry()
    await rig.pass(2)
    rig.say(cameraId(1), 'down')
    await rig.pass(2)
    expect(await summary(rig)).toEqual([`device ${cameraId(0)}: 0/1 open`])
  })
})

describe('an outage under an approved exemption', () => {
  it('is expected', async () => {
    const rig = await calm()
    const now = rig.clock.now()
    rig.record.sqlite
      .prepare(
        `INSERT INTO adjustment (id, kind, count_as, status, scope, within, from_at, to_at, reason, applicant, requested_by,
           requested_at, decided_at) VALUES ('a', 'exemption', 'exempt', 'approved', ?, '"city"', ?, ?, 'r', 'x', 'y', 0, 0)`,
      )
      .run(JSON.stringify({ by: 'devices', values: ids(0, 10) }), now - 1, now + 3_600_000)
    rig.record.sqlite.exec(
      "INSERT OR REPLACE INTO setting (room, key, value) VALUES ('uptime', 'adjustments:version', 'one')",
    )
    fail(rig, ids(0, 10))
    fail(rig, [cameraId(30)])
    await rig.pass(60)
    const { outages } = await rig.board()
    expect(outages.map(({ cause, expected }) => [cause.kind, expected])).toEqual([
      ['device', false],
      ['switch', true],
    ])
  })
})

describe('at a start', () => {
  it('nothing is opened in the grace; then what is down already is one outage, with its true onset', async () => {
    const rig = await createRig({ state: 'down' })
    await rig.pass(29)
    expect(await summary(rig)).toEqual([])
    await rig.pass(3)
    const { outages } = await rig.board()
    expect(outages).toHaveLength(1)
    expect(outages[0]).toMatchObject({ members: 40, down: 40, from: rig.clock.now() - 32_000 - 3_600_000 })
  })
  it('what fails in the grace is opened at its end, unless it is back', async () => {
    const rig = await createRig()
    fail(rig, ids(0, 11))
    rig.say(cameraId(10), 'up')
    await rig.pass(20)
    expect(await summary(rig)).toEqual([])
    await rig.pass(12)
    expect(await summary(rig)).toEqual(['switch SW-0: 10/10 open'])
  })
  it('an outage goes on after a restart: who came back meanwhile is up, who fails joins it', async () => {
    const rig = await calm()
    fail(rig, ids(0, 5))
    await rig.pass(10)
    const [before] = (await rig.board()).outages
    await rig.end()
    rig.say(cameraId(0), 'up')
    fail(rig, ids(5, 10))
    await rig.start()
    await rig.pass(5)
    expect(await summary(rig)).toEqual([expect.stringContaining('5/5 open')])
    await rig.pass(40)
    expect(await summary(rig)).toEqual(['switch SW-0: 9/10 open'])
    expect((await rig.board()).outages[0]!.from).toBe(before!.from)
  })
})

it('one thing is written once: members of outages are the times that devices were down', async () => {
  const rig = await calm()
  fail(rig, ids(0, 4))
  await rig.pass(3)
  fail(rig, ids(4, 10))
  await rig.pass(60)
  for (const device of ids(0, 10)) rig.say(device, 'up')
  await rig.pass(3)
  const rows = rig.record.sqlite.prepare('SELECT device, count(*) AS n FROM outage_member GROUP BY device').all()
  expect(rows.map(({ n }) => n)).toEqual(ids(0, 10).map(() => 1))
})

it('a corrected past opens nothing, and gives an outage that is over its true end', async () => {
  const rig = await calm()
  const from = rig.clock.now()
  fail(rig, ids(0, 10))
  await rig.pass(60)
  for (const device of ids(0, 10)) rig.say(device, 'up')
  await rig.pass(2)
  for (const device of ids(0, 10)) rig.correct(device, from, from + 30_000)
  rig.correct(cameraId(20), from, from + 30_000)
  await rig.pass(2)
  const { outages, total } = await rig.board()
  expect({ total, to: outages[0]!.to }).toEqual({ total: 1, to: from + 30_000 })
  expect((await rig.detail(outages[0]!.id)).members.map(({ to }) => to)).toEqual(ids(0, 10).map(() => from + 30_000))
})

it('a write that fails is tried again', async () => {
  const rig = await calm()
  const { commit } = rig.record
  rig.record.commit = async () => {
    throw new Error('disk full')
  }
  fail(rig, ids(0, 10))
  await rig.pass(3)
  expect(await summary(rig)).toEqual([])
  rig.record.commit = commit
  await rig.pass(2)
  expect(await summary(rig)).toEqual(['switch SW-0: 10/10 open'])
})

describe('while the hub is behind with its data', () => {
  const lag = (rig: Rig, since: number | null) =>
    rig.deps.bus.publish(
      'dataLag',
      {},
      {
        v: 1,
        at: rig.clock.now(),
        behindMs: since === null ? 0 : 95_000,
        since,
        cause: since === null ? null : 'stalled',
      },
    )

  it('no outage opens; what is still down when it has caught up opens then, and what has come back does not', async () => {
    const rig = await calm()
    await lag(rig, rig.clock.now())
    fail(rig, ids(0, 10))
    fail(rig, ids(20, 30))
    await rig.pass(60)
    expect(await summary(rig, 'all')).toEqual([])
    for (const device of ids(20, 30)) rig.say(device, 'up')
    await lag(rig, null)
    await rig.pass(2)
    expect(await summary(rig, 'all')).toEqual(['switch SW-0: 10/10 open'])
  })

  it('what ends, ends', async () => {
    const rig = await calm()
    fail(rig, ids(0, 10))
    await rig.pass(2)
    await lag(rig, rig.clock.now())
    for (const device of ids(0, 10)) rig.say(device, 'up')
    await rig.pass(2)
    expect(await summary(rig)).toEqual(['switch SW-0: 0/10 open'])
  })
})
