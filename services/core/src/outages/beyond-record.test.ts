import { describe, expect, it } from 'vitest'
import { hourMs, minuteMs } from '../common/time/units.ts'
import { Correlator } from './correlator.ts'
import { type PlacedDevice, topologyOf } from './topology.ts'
import { type CorrelatedOutage, type OutageEvent, defaultCorrelationPolicy as policy } from './types.ts'

const count = 600
const name = (n: number) => `d${String(n).padStart(3, '0')}`
/** Two carriers in turn, switches of twelve, feeds of twenty-four, recorders of sixteen, gateways of two hundred, five models. */
const devices: PlacedDevice[] = Array.from({ length: count }, (_, n) => ({
  id: name(n),
  district: '430405',
  carrier: n % 24 < 12 ? 'telecom' : 'mobile',
  gateway: `G${Math.floor(n / 200)}`,
  pole: `P${Math.floor(n / 3)}`,
  feed: `F${Math.floor(n / 24)}`,
  switch: `S${Math.floor(n / 12)}`,
  port: null,
  recorder: `R${Math.floor(n / 16)}`,
  ipAddress: null,
  longitude: 112.5 + n / 5_000,
  latitude: 26.9,
  model: `M${n % 5}`,
  credential: `K${n % 3}`,
}))
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)
const at = (n: number, base: number) => base + ((n * 7_919) % policy.everyMs)
const down = (ns: readonly number[], from: number, more: Partial<OutageEvent> = {}): OutageEvent[] =>
  ns.map((n) => ({ device: name(n), to: 'down', at: at(n, from), sign: 'path', expected: false, ...more }))
const up = (ns: readonly number[], from: number): OutageEvent[] =>
  ns.map((n) => ({ device: name(n), to: 'up', at: at(n, from), sign: 'path', expected: false }))

function run(events: readonly OutageEvent[], until: number, placed: readonly PlacedDevice[] = devices) {
  const correlator = new Correlator(topologyOf(placed), policy)
  const queue = [...events].sort((a, b) => a.at - b.at)
  for (let now = 0; now <= until; now += 1_000) {
    while (queue[0] && queue[0].at + policy.confirmMs <= now) correlator.apply(queue.shift()!)
    correlator.settle(now)
  }
  return [...correlator.outages()]
}
const summary = (outages: readonly CorrelatedOutage[]) =>
  outages
    .map(({ cause, episodes }) => `${cause.kind} ${cause.key.split('@')[0]} ${cause.mode}: ${episodes.length}`)
    .sort()

describe('failures at one moment of which the record says nothing', () => {
  const silent = devices.map((d) => ({ ...d, pole: null, switch: null, feed: null, recorder: null, longitude: null }))
  const some = numbers(0, 300).filter((n) => n % 16 === 3)
  it('are one outage of that moment, with what they share and what chance would have brought', () => {
    const outages = run(down(some, minuteMs), 4 * minuteMs, silent)
    expect(summary(outages)).toEqual(['moment district:430405 together: 19'])
    expect(outages[0]!.evidence.chance).toBeLessThan(0.5)
    expect(outages[0]!.evidence.shared).toContainEqual({ kind: 'district', key: '430405', down: 19, of: count })
  })
  it('keep one outage while more of them are seen', () => {
    const [outage] = run(down(some, minuteMs), 4 * minuteMs, silent)
    const keys = new Set(outage!.changes.filter(({ cause }) => cause.kind === 'moment').map(({ cause }) => cause.key))
    expect(keys.size).toBe(1)
  })
  it('are each by itself when they come minutes apart', () => {
    const apart = some.flatMap((n, i) => down([n], minuteMs * (1 + i)))
    expect(run(apart, 24 * minuteMs, silent).every(({ cause }) => cause.kind === 'device')).toBe(true)
  })
})

describe('causes that coincide', () => {
  const switches = [...numbers(0, 12), ...numbers(24, 36), ...numbers(48, 60)]
  it('are one place when they lie close together', () => {
    const near = devices.map((d, n) => ({ ...d, longitude: switches.includes(n) ? 112.6 + n / 1e5 : d.longitude }))
    const [outage, ...others] = run(down(switches, minuteMs), 4 * minuteMs, near)
    expect(others).toEqual([])
    expect(outage!.cause.kind).toBe('place')
    expect(outage!.evidence.rejected.map(({ kind }) => kind)).toEqual(['switch', 'switch', 'switch'])
  })
  it('stay two when there are two, apart', () => {
    expect(summary(run(down([...numbers(0, 12), ...numbers(240, 252)], minuteMs), 4 * minuteMs))).toEqual([
      'switch S0 together: 12',
      'switch S20 together: 12',
    ])
  })
})

describe('devices that answer wrongly', () => {
  it('are of their recorder when all of its channels do', () => {
    expect(summary(run(down(numbers(0, 16), minuteMs, { sign: 'device' }), 4 * minuteMs))).toEqual([
      'recorder R0 together: 16',
    ])
  })
  it('are of the credential that they share', () => {
    const refused = numbers(0, 300).filter((n) => n % 3 === 0)
    const [outage] = run(down(refused, minuteMs, { sign: 'device' }), 4 * minuteMs)
    expect(outage!.cause).toMatchObject({ kind: 'attribute', key: 'credential:K0' })
  })
})

describe('many that come and go', () => {
  it('behind one gateway are that gateway, unstable, though most behind it stay up', () => {
    const some = numbers(0, 200).filter((n) => n % 7 === 0)
    const events = some.flatMap((n) =>
      numbers(0, 6).flatMap((k) => {
        const from = minuteMs * (2 + k * 6) + n * 1_500
        return [...down([n], from), ...up([n], from + 90_000)]
      }),
    )
    const outages = run(events, 45 * minuteMs)
    expect(outages.map(({ cause }) => `${cause.kind} ${cause.key} ${cause.mode}`)).toEqual(['gateway G0 unstable'])
    expect(outages[0]!.evidence).toMatchObject({ down: some.length, of: 200 })
  })
})

describe('a model that restarts one after another', () => {
  it('is one outage of the model', () => {
    const some = numbers(0, count)
      .filter((n) => n % 5 === 1)
      .slice(0, 40)
    const events = some.flatMap((n, i) => [...down([n], i * 20_000), ...up([n], i * 20_000 + 2 * minuteMs)])
    const outages = run(events, 20 * minuteMs)
    const [most] = outages.sort((a, b) => b.episodes.length - a.episodes.length)
    expect(most!.cause).toEqual({ kind: 'attribute', key: 'model:M1', mode: 'rolling' })
    expect(most!.episodes.length).toBeGreaterThanOrEqual(30)
  })
})

describe('a wide cause', () => {
  it('does not win over poles that fail one after another, each at once', () => {
    const poles = numbers(0, 14).flatMap((pole) => down(numbers(pole * 3, pole * 3 + 3), minuteMs + pole * 45_000))
    const small = devices
      .slice(0, 60)
      .map((d) => ({ ...d, gateway: 'small', switch: null, feed: null, recorder: null }))
    expect(summary(run(poles, 14 * minuteMs, small)).every((line) => line.startsWith('pole'))).toBe(true)
  })
  it('takes in its late third, whatever that shares beside', () => {
    const line = numbers(0, count).filter((n) => n % 24 < 12)
    const late = line.filter((n) => n % 3 === 0)
    const events = [
      ...down(
        line.filter((n) => n % 3 !== 0),
        minuteMs,
      ),
      ...down(late, 3 * minuteMs),
    ]
    expect(summary(run(events, 6 * minuteMs))).toEqual([`line telecom/430405 together: ${line.length}`])
  })
  it('does not swallow what was out ten minutes before', () => {
    const events = [...down([0], 0), ...down(numbers(1, 12), 10 * minuteMs)]
    expect(summary(run(events, 14 * minuteMs))).toEqual(['device d000 together: 1', 'switch S0 together: 11'])
  })
  it('ends when most are back; a pole that stays out is an outage of its own from then on', () => {
    const events = [...down(numbers(0, 24), 0), ...up(numbers(3, 24), 10 * minuteMs)]
    const outages = run(events, 15 * minuteMs)
    expect(summary(outages)).toEqual(['feed F0 together: 24', 'pole P0 together: 3'])
    const pole = outages.find(({ cause }) => cause.kind === 'pole')!
    expect(Math.min(...pole.episodes.map((e) => e.from))).toBeGreaterThanOrEqual(10 * minuteMs)
    expect(pole.episodes.every(({ to }) => to === null)).toBe(true)
  })
  it('is named though nothing is known of most behind it', () => {
    const events = [
      ...down(numbers(0, 18), minuteMs).map((e) => ({ ...e, to: 'unknown' as const, sign: 'silent' as const })),
      ...down(numbers(18, 24), minuteMs),
    ]
    const placed = devices.map((d, n) => ({ ...d, gateway: n < 18 ? 'gone' : d.gateway, pole: null, switch: null }))
    expect(summary(run(events, 4 * minuteMs, placed))).toContain('feed F0 together: 6')
  })
})

describe('a record that is wrong', () => {
  it('does not keep devices out of the outage that they are in, and is named', () => {
    const wrong = devices.map((d, n) =>
      n >= 9 && n < 12 ? { ...d, switch: `S${30 + n}`, pole: null, feed: null, recorder: null, longitude: null } : d,
    )
    const [outage, ...others] = run(down(numbers(0, 12), minuteMs), 4 * minuteMs, wrong)
    expect(others).toEqual([])
    expect(outage!.cause).toMatchObject({ kind: 'switch', key: 'S0' })
    expect(outage!.evidence.misplaced).toEqual([
      { device: 'd009', recorded: 'S39' },
      { device: 'd010', recorded: 'S40' },
      { device: 'd011', recorded: 'S41' },
    ])
  })
})

it('failures by themselves stay by themselves through a day of them', () => {
  let seed = 7
  const draw = (n: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((seed / 2_147_483_648) * n)
  }
  const events = numbers(0, 120).flatMap(() => {
    const [n, from] = [draw(count), draw(6 * hourMs)]
    return [...down([n], from), ...up([n], from + minuteMs * (2 + draw(20)))]
  })
  const grouped = run(events, 6 * hourMs).filter(({ episodes }) => new Set(episodes.map((e) => e.device)).size > 1)
  expect(summary(grouped)).toEqual([])
})
