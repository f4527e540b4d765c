/** A restart with other rules changes nothing of what was judged by those before, however late an observation comes. */
import { account, datedPolicy, defaultHealthPolicy, type HealthPolicy, timelineOf } from '@hub/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { batch, type Centre, deviceId, look, openCentre, t0, tmpFolder } from './testing/rig.ts'

const device = deviceId(1)
const minute = 60_000
const every = 5 * minute
const day = 24 * 60 * minute
const keptMs = 60 * day
const stricter: HealthPolicy = { ...defaultHealthPolicy, confirm: { ...defaultHealthPolicy.confirm, down: 5 } }
const failing = { verdict: 'fail', rung: 'reachable', reason: 'timeout' } as const

let folder: ReturnType<typeof tmpFolder>
let centre: Centre
const open = async (startAt = t0) => {
  centre = await openCentre(`${folder.path}/record.db`, [device], { startAt, rules: defaultHealthPolicy, keptMs })
}
beforeEach(async () => {
  folder = tmpFolder()
  await open()
})
afterEach(async () => {
  await centre.crash()
  folder.remove()
})
const restart = async (at: number, rules: HealthPolicy) => {
  await centre.committer.flush(Number.POSITIVE_INFINITY)
  await centre.crash()
  centre = await openCentre(`${folder.path}/record.db`, [device], { startAt: at, rules, keptMs })
}
const downMs = (from: number, to: number) => account(centre.intervals(device), { from, to }).down

test('an outage of the 17th stays when more failures are asked for later and a look of the 3rd comes', async () => {
  const november = (text: string) => Date.parse(`2026-11-${text}+08:00`)
  await centre.crash()
  folder.remove()
  folder = tmpFolder()
  await open(november('01T00:00'))
  const month = [november('01T00:00'), november('30T00:00')] as const
  const period = 13_350_000
  const failed = november('17T06:00')
  const looks = [look(device, november('03T00:00'), { every: period })]
  while (looks.at(-1)!.at < failed - period) looks.push(look(device, looks.at(-1)!.at + period, { every: period }))
  for (let n = 0; n < 3; n++) looks.push(look(device, failed + n * period, { ...failing, every: period }))
  looks.push(look(device, failed + 40_052_000, { every: period }))
  centre.clock.advance(november('18T00:00') - centre.clock.now())
  await centre.send(batch(1, looks))
  expect(downMs(...month)).toBe(40_052_000)
  const [, outage] = centre.intervals(device)
  await restart(november('18T12:00'), stricter)
  await centre.send(batch(2, [look(device, november('03T01:00'), { every: period })]))
  expect(downMs(...month)).toBe(40_052_000)
  expect(centre.intervals(device)[1]).toEqual(outage)
})

/** Up, then three failures in a row and no more, then up again. */
const before = [
  ...[0, 1, 2, 3].map((n) => look(device, t0 + n * every, { every })),
  ...[4, 5, 6].map((n) => look(device, t0 + n * every, { every, ...failing })),
  ...[7, 8, 9, 10, 11].map((n) => look(device, t0 + n * every, { every })),
]

test('what comes after the restart is judged by the new rules, and the whole as if all had been there from the start', async () => {
  const changed = t0 + day
  centre.clock.advance(12 * every)
  await centre.send(batch(1, before))
  await restart(changed, stricter)
  const fails = [0, 1, 2, 3].map((n) => look(device, changed + n * every, { every, ...failing }))
  const after = [...fails, ...[4, 5].map((n) => look(device, changed + n * every, { every }))]
  const late = look(device, t0 + 5 * every + minute, { every, ...failing })
  centre.clock.advance(6 * every)
  await centre.send(batch(2, after), batch(3, [late]))
  const policy = datedPolicy([
    { from: 0, rules: defaultHealthPolicy },
    { from: changed, rules: stricter },
  ])!
  // Four failures: an outage by the rules before, none by those that hold now.
  const downs = centre.intervals(device).filter(({ state }) => state === 'down')
  expect(downs.map(({ from }) => from)).toEqual([t0 + 4 * every])
  expect(centre.intervals(device)).toEqual(timelineOf([...before, ...after, late], policy, centre.clock.now()))
})
