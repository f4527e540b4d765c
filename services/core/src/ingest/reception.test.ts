import { describe, expect, test } from 'vitest'
import { defaultLagPolicy } from './behind.ts'
import { committed, deafened, heardAgain, heardUntil, newHearing } from './hearing.ts'
import { expire } from './observe.ts'
import { Reception } from './reception.ts'
import { Shell } from './testing/shell.ts'
import { defaultHealthPolicy, type Evidence } from './types.ts'

const s = 1_000
const every = 30 * s
const staleAfter = 3
const a = '43040500002000000001'
const b = '43040500002000000002'
const c = '43040500002000000003'
const pass = (at: number): Evidence => ({ at, every, verdict: 'pass', rung: 'decodes' })
const evidence = (lastAt: number) => ({ lastAt, freshUntil: lastAt + staleAfter * every })

describe('silence of a gateway is known', () => {
  const heard = committed(newHearing, 98 * s, 100 * s)
  const gap = (from: number, to: number | null) => {
    const deaf = deafened(heard, from * s, from * s)
    return to === null ? deaf : heardAgain(deaf, to * s)
  }
  test.each([
    ['up to now less what delivery takes', heard, 200, 198],
    ['no further than the gap that lasts', gap(110, null), 200, 200 - 2 - 90 - 30],
    ['as if the gap had not been, and a period later', gap(110, 150), 200, 200 - 2 - 40 - 30],
    ['up to now when the gap was before the evidence', gap(40, 60), 200, 198],
    ['without the part of the gap that was before the evidence', gap(80, 120), 200, 200 - 2 - 20 - 30],
  ])('%s', (_, hearing, now, until) => {
    expect(heardUntil(hearing, evidence(100 * s), staleAfter, now * s)).toBe(until * s)
  })

  test('later by what a gateway says that it was late itself, up to a period', () => {
    const reception = new Reception(defaultLagPolicy, staleAfter)
    reception.committed(a, 98 * s, 100 * s)
    const until = () => reception.heardUntil([a], evidence(100 * s), 200 * s)
    reception.late(a, 5 * s)
    expect(until()).toBe(193 * s)
    reception.late(a, 3_600 * s)
    expect(until()).toBe(168 * s)
    reception.late(a, 0)
    expect(until()).toBe(198 * s)
  })

  test('gaps that follow one another without a word between them are one', () => {
    const once = deafened(heard, 110 * s, 130 * s)
    expect(deafened(once, 140 * s, 150 * s)).toMatchObject({ deaf: [{ from: 110 * s, to: null }], heardFrom: 150 * s })
  })
  test('what a gateway says late, without saying anything of the present, tells how late it is', () => {
    const late = committed(heard, 50 * s, 200 * s)
    expect(late).toMatchObject({ newestAt: 98 * s, lagMs: 102 * s })
    expect(committed(late, null, 300 * s)).toBe(late)
  })
})

describe('after the hub was held up', () => {
  /** All three gateways were heard at 100 s; the process stood from then to 220 s. */
  const held = () => {
    const reception = new Reception(defaultLagPolicy, staleAfter)
    for (const gateway of [a, b, c]) reception.committed(gateway, 100 * s, 100 * s)
    reception.stalled(100 * s, 220 * s)
    reception.sample(220 * s, { lateMs: 120 * s, cutMs: 0, waitingMs: 0 })
    return reception
  }
  const run = (reception: Reception, from: number, to: number, talking: string[]) => {
    for (let now = from; now <= to; now++) {
      for (const gateway of talking) reception.committed(gateway, now * s, now * s)
      reception.sample(now * s, { lateMs: 0, cutMs: 0, waitingMs: 0 })
    }
  }

  test('it is behind by all that time, and no device is stale that was fresh before', () => {
    const reception = held()
    expect(reception.state).toMatchObject({ behindMs: 120 * s, since: 100 * s, cause: 'stalled' })
    expect(reception.heardUntil([a], evidence(95 * s), 220 * s)).toBeLessThan(185 * s)
  })

  test('what was gathered meanwhile does not make it heard again, what is made now does', () => {
    const reception = held()
    reception.committed(a, 180 * s, 221 * s)
    reception.sample(221 * s, { lateMs: 0, cutMs: 0, waitingMs: 0 })
    expect(reception.state.behindMs).toBe(121 * s)
    run(reception, 222, 240, [a, b, c])
    expect(reception.isBehind).toBe(false)
    // Of a device that is silent since 95 s, fresh until 185 s: 85 s were left when the hub was held up at 100 s.
    const until = (now: number) => reception.heardUntil([a], evidence(95 * s), now * s)
    expect(until(345)).toBeLessThan(185 * s)
    expect(until(360)).toBeGreaterThan(185 * s)
  })

  test('a gateway that does not come back is waited for no longer than the grace; another’s devices are not', () => {
    const reception = held()
    run(reception, 221, 279, [a, b])
    expect(reception.isBehind).toBe(true)
    run(reception, 280, 420, [a, b])
    expect(reception.isBehind).toBe(false)
    // Heard last at 100 s, waited for until the hub had caught up at 290 s: then 90 s of silence, and a period.
    expect(reception.heardUntil([c], evidence(100 * s), 409 * s)).toBeLessThan(190 * s)
    expect(reception.heardUntil([c], evidence(100 * s), 412 * s)).toBeGreaterThan(190 * s)
    expect(reception.heardUntil([a], evidence(300 * s), 420 * s)).toBe(420 * s)
  })

  test('a gateway that had been silent before is not waited for', () => {
    const reception = new Reception(defaultLagPolicy, staleAfter)
    reception.committed(a, 100 * s, 100 * s)
    reception.committed(b, 10 * s, 10 * s)
    reception.stalled(100 * s, 220 * s)
    reception.sample(220 * s, { lateMs: 120 * s, cutMs: 0, waitingMs: 0 })
    run(reception, 221, 240, [a])
    expect(reception.isBehind).toBe(false)
  })

  test('one gateway that is late is no lag of the hub; its own devices are judged as much later', () => {
    const reception = new Reception(defaultLagPolicy, staleAfter)
    for (let now = 100; now < 130; now++) {
      reception.committed(a, (now - 50) * s, now * s)
      for (const gateway of [b, c]) reception.committed(gateway, now * s, now * s)
      reception.sample(now * s, { lateMs: 0, cutMs: 0, waitingMs: 0 })
    }
    expect(reception.state).toMatchObject({ since: null, behindMs: 0 })
    expect(reception.heardUntil([a], evidence(0), 130 * s)).toBe(80 * s)
    expect(reception.heardUntil([b], evidence(0), 130 * s)).toBe(130 * s)
  })
})

test('without its broker the hub hears nobody: silence is judged from when each is heard again, and at the latest after the grace', () => {
  const reception = new Reception(defaultLagPolicy, staleAfter)
  for (const gateway of [a, b]) reception.committed(gateway, 100 * s, 100 * s)
  // From 100 s to 400 s, noticed at each second.
  for (let now = 101; now <= 400; now++) reception.sample(now * s, { lateMs: 0, cutMs: (now - 100) * s, waitingMs: 0 })
  expect(reception.state).toMatchObject({ cause: 'broker', since: 100 * s })
  expect(reception.heardUntil([a], evidence(100 * s), 400 * s)).toBe(Number.NEGATIVE_INFINITY)
  for (let now = 401; now <= 480; now++) {
    reception.committed(a, now * s, now * s)
    reception.sample(now * s, { lateMs: 0, cutMs: 0, waitingMs: 0 })
  }
  expect(reception.isBehind).toBe(false)
  expect(reception.heardUntil([a], evidence(480 * s), 480 * s)).toBe(480 * s)
  expect(reception.heardUntil([b], evidence(100 * s), 480 * s)).toBeLessThan(190 * s)
})

test('a silence that is found late is found with its true beginning', () => {
  const late = new Shell(defaultHealthPolicy)
  late.take([pass(0)], 0)
  const { health } = expire(late.health, 89 * s, defaultHealthPolicy)
  expect(health.state).toBe('up')
  const found = expire(late.health, 500 * s, defaultHealthPolicy).health
  expect([found.state, found.since]).toEqual(['unknown', 90 * s])
})
