import { type Correction, type Transition, topic } from '@hub/contracts'
import { defaultHealthPolicy, timelineOf } from '@hub/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { batch, type Centre, deviceId, gateway, look, openCentre, otherGateway, t0, tmpFolder } from './testing/rig.ts'

const camera = deviceId(1)
const devices = [camera, deviceId(2), deviceId(3, '430481')]
const minute = 60_000
const fail = { verdict: 'fail', rung: 'reachable', reason: 'timeout' } as const

let folder: ReturnType<typeof tmpFolder>
let centre: Centre
beforeEach(async () => {
  folder = tmpFolder()
  centre = await openCentre(`${folder.path}/record.db`, devices)
})
afterEach(async () => {
  await centre.crash()
  folder.remove()
})

const restart = async (options: { startAt?: number; grace?: number; lateMost?: number } = {}) => {
  await centre.crash()
  centre = await openCentre(`${folder.path}/record.db`, devices, { startAt: centre.clock.now(), ...options })
}
const sentOn = <T>(name: 'transitions' | 'corrections'): T[] =>
  centre.sent.filter((m) => m.topic === topic(name, { district: '430405' })).map((m) => JSON.parse(m.payload))
const states = (device = camera) =>
  centre.intervals(device).map(({ state, from, to }) => [state, from - t0, to === null ? null : to - t0])
const batches = () => (centre.record.sqlite.prepare('SELECT count(*) AS n FROM batch').get() as { n: number }).n

test('a batch is on disk and its state change told before it is acknowledged', async () => {
  const acks = await centre.send(batch(1, [look(camera, t0)]))
  expect(acks).toEqual([{ v: 1, gateway, epoch: t0, seq: 1, at: t0 }])
  expect(states()).toEqual([['up', 0, null]])
  expect(sentOn<Transition>('transitions')).toMatchObject([
    { device: camera, district: '430405', from: 'unknown', to: 'up', at: t0 },
  ])
  await restart()
  expect(states()).toEqual([['up', 0, null]])
})

test('a batch that comes again is acknowledged again and does nothing else, also after a restart and after its raw bytes are gone', async () => {
  await centre.send(batch(1, [look(camera, t0)]))
  await centre.outbox.settled()
  const told = centre.sent.length
  expect(await centre.send(batch(1, [look(camera, t0)]))).toHaveLength(1)
  await centre.outbox.settled()
  expect(centre.sent).toHaveLength(told)
  await restart()
  await centre.committer.flush(10)
  centre.record.sqlite.exec('DELETE FROM batch')
  await restart()
  expect(await centre.send(batch(1, [look(camera, t0)]))).toHaveLength(1)
  expect(batches()).toBe(0)
  // A new batch does not take the number of one that was deleted.
  await centre.send(batch(2, [look(camera, t0 + 1)]))
  expect((centre.record.sqlite.prepare('SELECT id FROM batch').get() as { id: number }).id).toBe(2)
})

test('one gateway that sends the same batch twice in one group gets two acks and one effect', async () => {
  expect(await centre.send(batch(1, [look(camera, t0)]), batch(1, [look(camera, t0)]))).toHaveLength(2)
  expect(batches()).toBe(1)
})

test('a silent gateway makes its devices unknown, and its backlog says what really happened', async () => {
  await centre.send(batch(1, [look(camera, t0)]))
  centre.clock.advance(10 * minute)
  await centre.committer.expire()
  expect(states()).toEqual([
    ['up', 0, 90_000],
    ['unknown', 90_000, null],
  ])
  // Live data overtakes the backlog.
  await centre.send(batch(20, [look(camera, t0 + 10 * minute)]))
  expect(states()).toEqual([
    ['up', 0, 90_000],
    ['unknown', 90_000, 600_000],
    ['up', 600_000, null],
  ])
  const told = sentOn('transitions').length
  const backlog = Array.from({ length: 19 }, (_, i) => look(camera, t0 + (i + 1) * 30_000, i > 3 && i < 10 ? fail : {}))
  for (const [i, o] of backlog.reverse().entries()) await centre.send(batch(19 - i, [o]))
  expect(states()).toEqual([
    ['up', 0, 150_000],
    ['down', 150_000, 330_000],
    ['up', 330_000, null],
  ])
  // The past was corrected; the present did not change.
  expect(sentOn('transitions')).toHaveLength(told)
  const corrections = sentOn<Correction>('corrections')
  expect(Math.min(...corrections.map((c) => c.from))).toBe(t0 + 90_000)
  expect(Math.max(...corrections.map((c) => c.to))).toBe(t0 + 600_000)
})

test('devices that fall silent together become unknown in short transactions, and a new batch waits for one of them alone', async () => {
  await centre.crash()
  const many = Array.from({ length: 600 }, (_, n) => deviceId(n + 1))
  centre = await openCentre(`${folder.path}/many.db`, many)
  await centre.send(
    batch(
      1,
      many.map((id) => look(id, t0)),
    ),
  )
  centre.clock.advance(10 * minute)
  const unknown = () =>
    (
      centre.record.sqlite
        .prepare(`SELECT count(*) AS n FROM interval WHERE state = 'unknown' AND to_at IS NULL`)
        .get() as {
        n: number
      }
    ).n
  const expiring = centre.committer.expire()
  await centre.post(batch(2, [look(many[0]!, centre.clock.now())]))
  expect(unknown()).toBeGreaterThan(0)
  expect(unknown()).toBeLessThan(300)
  await expiring
  expect(unknown()).toBe(599)
})

test('a backlog that comes in order tells no outage that is over, whatever the cut', async () => {
  await centre.send(batch(1, [look(camera, t0)]))
  centre.clock.advance(10 * minute)
  await centre.committer.expire()
  const told = sentOn('transitions').length
  for (let i = 1; i <= 20; i++) {
    await centre.send(batch(i + 1, [look(camera, t0 + i * 30_000, i > 4 && i < 11 ? fail : {})]))
    await centre.committer.expire()
  }
  expect(states()).toEqual([
    ['up', 0, 150_000],
    ['down', 150_000, 330_000],
    ['up', 330_000, null],
  ])
  expect(sentOn<Transition>('transitions').slice(told)).toMatchObject([{ from: 'unknown', to: 'up', at: t0 + 330_000 }])
  const corrections = sentOn<Correction>('corrections')
  expect(Math.min(...corrections.map((c) => c.from))).toBe(t0 + 90_000)
  expect(Math.max(...corrections.map((c) => c.to))).toBe(t0 + 600_000)
})

test('late looks gather and are taken in together, and a crash before that loses none', async () => {
  await centre.send(batch(1, [look(camera, t0)]))
  centre.clock.advance(10 * minute)
  await centre.send(batch(30, [look(camera, t0 + 10 * minute)]))
  const asTold = states()
  const backlog = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => from + i).map((i) =>
      batch(i + 1, [look(camera, t0 + i * 30_000, i > 4 && i < 11 ? fail : {})]),
    )
  for (const one of backlog(1, 8)) expect(await centre.post(one)).toHaveLength(1)
  centre.clock.advance(4_999)
  await centre.committer.amend()
  expect(states()).toEqual(asTold)
  centre.clock.advance(1)
  const told = sentOn('corrections').length
  await centre.committer.amend()
  expect(states()).toContainEqual(['down', 150_000, 300_000])
  expect(sentOn('corrections')).toHaveLength(told + 1)
  for (const one of backlog(8, 20)) await centre.post(one)
  // What is written down otherwise must not pass over looks that wait.
  await centre.committer.flush(10)
  await restart()
  expect(states()).toEqual([
    ['up', 0, 150_000],
    ['down', 150_000, 330_000],
    ['up', 330_000, null],
  ])
})

test('a live change of a device takes its gathered looks with it', async () => {
  await centre.send(batch(1, [look(camera, t0)]))
  centre.clock.advance(10 * minute)
  await centre.send(batch(2, [look(camera, t0 + 10 * minute)]))
  await centre.post(batch(3, [look(camera, t0 + 9 * minute, fail)]))
  centre.clock.advance(60_000)
  for (let i = 0; i < 3; i++)
    await centre.post(batch(4 + i, [look(camera, t0 + 11 * minute + i, { ...fail, rung: 'answers' })]))
  const all = [look(camera, t0), look(camera, t0 + 9 * minute, fail), look(camera, t0 + 10 * minute)].concat(
    [0, 1, 2].map((i) => look(camera, t0 + 11 * minute + i, { ...fail, rung: 'answers' })),
  )
  expect(centre.intervals(camera)).toEqual(
    JSON.parse(JSON.stringify(timelineOf(all, defaultHealthPolicy, centre.clock.now()))),
  )
})

test('more late looks than may wait in memory are taken in as they come', async () => {
  centre.clock.advance(60 * minute)
  await centre.send(batch(1, [look(camera, t0 + 60 * minute)]))
  const [lateMost, size] = [1_000, 400]
  await restart({ lateMost })
  for (let n = 0; n < 5; n++)
    await centre.post(
      batch(
        n + 2,
        Array.from({ length: size }, (_, i) => look(camera, t0 + n * size + i)),
      ),
    )
  const figure = async (name: string) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(await centre.metrics.text())![1])
  expect(await figure('hub_ingest_late_waiting')).toBeLessThanOrEqual(lateMost)
  expect(await figure('hub_ingest_late_observations_total')).toBeGreaterThan(0)
})

test('what only old looks say is told when no newer one comes, also after a crash', async () => {
  await centre.send(batch(1, [look(camera, t0)]))
  centre.clock.advance(2 * minute)
  await centre.send(...[1, 2, 3].map((i) => batch(i + 1, [look(camera, t0 + i * 20_000, fail)])))
  expect(states().at(-1)).toEqual(['down', 20_000, null])
  await centre.outbox.settled()
  await centre.committer.flush(10)
  await restart()
  centre.clock.advance(4_999)
  await centre.committer.expire()
  expect(sentOn('transitions')).toEqual([])
  centre.clock.advance(1)
  await centre.committer.expire()
  expect(sentOn<Transition>('transitions')).toMatchObject([{ from: 'up', to: 'down', at: t0 + 20_000 }])
  await centre.committer.expire()
  await centre.send(batch(9, [look(camera, centre.clock.now(), fail)]))
  expect(sentOn('transitions')).toHaveLength(1)
})

test('a change that waited when it stood in one row with all others is still told', async () => {
  await centre.send(batch(1, [look(camera, t0)]))
  centre.clock.advance(2 * minute)
  await centre.send(...[1, 2, 3].map((i) => batch(i + 1, [look(camera, t0 + i * 20_000, fail)])))
  await centre.committer.flush(10)
  const kept = () =>
    centre.record.sqlite.prepare("SELECT key, value FROM setting WHERE room = 'ingest' AND key LIKE 'withheld%'").all()
  expect(kept()).toEqual([{ key: `withheld:${camera}`, value: 'up' }])
  centre.record.sqlite.exec(
    `UPDATE setting SET key = 'withheld', value = '{"${camera}":"up"}' WHERE key = 'withheld:${camera}'`,
  )
  await restart()
  expect(kept()).toEqual([{ key: `withheld:${camera}`, value: 'up' }])
  centre.clock.advance(6_000)
  await centre.committer.expire()
  expect(sentOn<Transition>('transitions')).toMatchObject([{ from: 'up', to: 'down' }])
  expect(kept()).toEqual([])
})

test('a late look that contradicts a long run splits it by its raw looks', async () => {
  const times = Array.from({ length: 40 }, (_, i) => t0 + i * 30_000)
  const late = [times[20]!, times[21]!, times[22]!]
  const onTime = times.filter((at) => !late.includes(at))
  for (const [i, at] of onTime.entries()) {
    centre.clock.advance(at - centre.clock.now())
    await centre.send(batch(i + 1, [look(camera, at)]))
  }
  const looks = [...onTime.map((at) => look(camera, at)), ...late.map((at) => look(camera, at, fail))]
  await restart()
  await centre.send(
    batch(
      99,
      late.map((at) => look(camera, at, fail)),
    ),
  )
  expect(states()).toEqual([
    ['up', 0, 600_000],
    ['down', 600_000, 690_000],
    ['up', 690_000, null],
  ])
  expect(centre.intervals(camera)).toEqual(JSON.parse(JSON.stringify(timelineOf(looks, defaultHealthPolicy))))
})

test('a gap that is found only when it is over corrects the past and is no change of the present', async () => {
  await centre.send(batch(1, [look(camera, t0)]))
  centre.clock.advance(10 * minute)
  await centre.outbox.settled()
  await centre.committer.flush(10)
  await restart({ grace: 30_000 })
  await centre.committer.expire()
  expect(states()).toEqual([['up', 0, null]])
  await centre.send(batch(2, [look(camera, t0 + 10 * minute)]))
  expect(sentOn('transitions')).toEqual([])
  expect(sentOn<Correction>('corrections')).toMatchObject([{ device: camera, from: t0 + 90_000, to: t0 + 600_000 }])
})

test('after the grace of a start, what is still silent is unknown from when its evidence went stale', async () => {
  await centre.send(batch(1, [look(camera, t0)]))
  centre.clock.advance(10 * minute)
  await centre.outbox.settled()
  await centre.committer.flush(10)
  await restart({ grace: 30_000 })
  centre.clock.advance(29_999)
  await centre.committer.expire()
  expect(states()).toEqual([['up', 0, null]])
  centre.clock.advance(1)
  await centre.committer.expire()
  expect(states()).toEqual([
    ['up', 0, 90_000],
    ['unknown', 90_000, null],
  ])
  expect(sentOn<Transition>('transitions')).toMatchObject([
    { from: 'up', to: 'unknown', at: t0 + 90_000, rule: { id: 'stale' } },
  ])
})

test('what may not count becomes a dead letter with the reason; the rest counts and the queue moves', async () => {
  const acks = await centre.send(
    batch(1, [
      look(deviceId(77), t0),
      look(deviceId(3, '430481'), t0),
      look(camera, t0 + minute + 1),
      look(camera, t0 - 7 * 86_400_000 - 1),
      { ...look(camera, t0), verdict: 'maybe' },
      look(camera, t0 + minute),
    ]),
  )
  expect(acks).toHaveLength(1)
  const of = `batch of ${gateway}: observations`
  expect(centre.deadLetters().map(({ reason }) => reason)).toEqual([
    `${of}.4.verdict: Invalid option: expected one of "pass"|"degraded"|"fail"|"blind"`,
    `${of}.0.device: there is no device ${deviceId(77)}`,
    `${of}.1.device: ${deviceId(3, '430481')} is in 430481, which is not a district of this gateway`,
    `${of}.2.at: 60001 ms in the future, at most 60000`,
    `${of}.3.at: 1 ms older than what is kept of raw batches`,
  ])
  expect(states()).toEqual([['up', minute, null]])
  // A device that is registered later does not come to life by a replay of what was refused.
  await restart()
  expect(centre.intervals(deviceId(77))).toEqual([])
})

test('what was acknowledged and not taken is counted by device and reason, and what is of no device by gateway', async () => {
  await centre.send(
    batch(1, [
      look(camera, t0),
      look(camera, t0 - 8 * 86_400_000),
      look(camera, t0 - 9 * 86_400_000),
      look(camera, t0 + 120_000),
      look(deviceId(99), t0),
    ]),
  )
  await centre.send(Buffer.from('no JSON'))
  const rows = centre.record.sqlite.prepare('SELECT device, reason, count FROM refusal ORDER BY device, reason').all()
  expect(JSON.parse(JSON.stringify(rows))).toEqual([
    { device: '', reason: 'malformed', count: 1 },
    { device: '', reason: 'unknown-device', count: 1 },
    { device: camera, reason: 'future', count: 1 },
    { device: camera, reason: 'too-old', count: 2 },
  ])
})

test('a batch that is bad all through is acknowledged, and fills at most 21 rows', async () => {
  const bad = Array.from({ length: 5_000 }, (_, i) => look(deviceId(1_000 + i), t0))
  expect(await centre.send(batch(1, bad))).toHaveLength(1)
  const letters = centre.deadLetters()
  expect(letters).toHaveLength(21)
  expect(letters.at(-1)!.reason).toBe('4980 more of this batch, one a line')
  // As far as a dead letter goes.
  expect(letters.at(-1)!.payload).toHaveLength(65_536)
  await centre.send(batch(1, bad))
  expect(centre.deadLetters()).toHaveLength(21)
})

test('what the gateway of a sensor could not read becomes a dead letter once, and the observation beside it counts', async () => {
  const told = (at: number, more?: number) =>
    look(camera, at, {
      kind: 'telemetry',
      rung: 'fresh',
      verdict: 'degraded',
      reason: 'malformed',
      values: { noise: 55 },
      deadLetter: { reason: 'at: missing', payload: Buffer.from('{"x"').toString('base64'), ...(more && { more }) },
    })
  const twice = batch(1, [told(t0), told(t0 + minute, 3)])
  await centre.send(twice)
  await centre.send(twice)
  const letters = [
    { reason: 'at: missing', payload: '{"x"' },
    { reason: 'at: missing (and 3 more like it before)', payload: '{"x"' },
  ]
  expect(centre.deadLetters()).toEqual(letters)
  expect(states()).toEqual([['degraded', 0, null]])
  await centre.committer.flush(10)
  await restart()
  expect(centre.deadLetters()).toEqual(letters)
  expect(JSON.stringify([...centre.store.standings()])).not.toContain('deadLetter')
})

test('poison is acknowledged under its name when it tells one, and kept', async () => {
  expect(await centre.send(batch(4, [look(camera, t0)]).subarray(0, 140))).toMatchObject([
    { gateway, epoch: t0, seq: 4 },
  ])
  expect(await centre.send(Buffer.from('{]'))).toEqual([])
  expect(centre.deadLetters()).toHaveLength(2)
})

test('a gateway cannot speak for another: neither in its name nor of its devices', async () => {
  const acks = await centre.sendAs(otherGateway, batch(1, [look(camera, t0)]))
  expect(acks).toMatchObject([{ gateway: otherGateway }])
  expect(centre.intervals(camera)).toEqual([])
  // The true owner's batch of that name is not taken for known.
  await centre.send(batch(1, [look(camera, t0)]))
  expect(states()).toEqual([['up', 0, null]])
})

test('a commit that fails acknowledges nothing and tells nothing; the next one goes on from what is on disk', async () => {
  await centre.send(batch(1, [look(camera, t0)]))
  centre.record.sqlite.exec(`CREATE TRIGGER full BEFORE INSERT ON batch BEGIN SELECT raise(ABORT, 'disk full'); END`)
  const told = centre.sent.length
  await expect(
    centre.send(batch(2, [look(camera, t0 + 30_000, { verdict: 'blind', reason: 'gateway-network' })])),
  ).rejects.toThrow('disk full')
  expect(centre.sent).toHaveLength(told)
  centre.record.sqlite.exec('DROP TRIGGER full')
  expect(states()).toEqual([['up', 0, null]])
  // The gateway sends it again: it is not taken for known.
  expect(
    await centre.send(batch(2, [look(camera, t0 + 30_000, { verdict: 'blind', reason: 'gateway-network' })])),
  ).toHaveLength(1)
  expect(states()).toEqual([
    ['up', 0, 30_000],
    ['unknown', 30_000, null],
  ])
})

test('what a crash kept from being published is published at the next start', async () => {
  await centre.send(batch(1, [look(camera, t0)]))
  // Crash before the outbox is tidied: the message may or may not have gone out.
  await restart()
  await centre.outbox.settled()
  expect(sentOn<Transition>('transitions')).toMatchObject([{ device: camera, to: 'up', at: t0 }])
  await centre.outbox.tidy()
  await restart()
  expect(centre.sent).toEqual([])
})

test('a steady device is written down lazily: its last ten looks, newest first', async () => {
  for (let i = 0; i < 14; i++) await centre.send(batch(i + 1, [look(camera, t0 + i * 1_000)]))
  const row = () =>
    centre.record.sqlite.prepare('SELECT last_at, recent FROM device_state').get() as {
      last_at: number
      recent: string
    }
  expect(row().last_at).toBe(t0)
  expect(centre.committer.checkpoint).toBe(1)
  await centre.committer.flush(10)
  expect(row().last_at).toBe(t0 + 13_000)
  expect(JSON.parse(row().recent).map((o: { at: number }) => o.at - t0)).toEqual(
    [13, 12, 11, 10, 9, 8, 7, 6, 5, 4].map((s) => s * 1_000),
  )
  expect(centre.committer.checkpoint).toBe(14)
})
