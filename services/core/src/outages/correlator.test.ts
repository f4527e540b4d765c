import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { minuteMs } from '../common/time/units.ts'
import { Correlator } from './correlator.ts'
import { countsOf, endOf } from './counts.ts'
import { nodeOf, type PlacedDevice, topologyOf } from './topology.ts'
import {
  type CorrelatedOutage,
  type OutageEffect,
  type OutageEvent,
  defaultCorrelationPolicy as policy,
} from './types.ts'

const bare: PlacedDevice = {
  id: '',
  district: '430405',
  carrier: 'telecom',
  gateway: 'G1',
  pole: null,
  feed: null,
  switch: null,
  port: null,
  recorder: null,
  ipAddress: null,
  longitude: null,
  latitude: null,
}
/** Four poles of three cameras on switch S1, four on S2; all on one feed each pair of poles. */
const devices: PlacedDevice[] = Array.from({ length: 24 }, (_, n) => ({
  ...bare,
  id: `c${String(n).padStart(2, '0')}`,
  pole: `P${Math.floor(n / 3)}`,
  switch: `S${Math.floor(n / 12) + 1}`,
  feed: `F${Math.floor(n / 6)}`,
}))
const others: PlacedDevice[] = Array.from({ length: 60 }, (_, n) => ({
  ...bare,
  id: `x${n}`,
  pole: `X${n}`,
  switch: `T${n % 5}`,
}))
const topology = topologyOf([...devices, ...others])

const ids = (from: number, to: number) => devices.slice(from, to).map((d) => d.id)
const event = (device: string, to: OutageEvent['to'], at: number, more: Partial<OutageEvent> = {}): OutageEvent => ({
  device,
  to,
  at,
  sign: 'path',
  expected: false,
  ...more,
})
/** They fail at one moment and are seen within one round of probes. */
const cut = (names: readonly string[], at: number, more: Partial<OutageEvent> = {}) =>
  names.map((id, n) => event(id, 'down', at + ((n * 7_919) % policy.everyMs), more))
const back = (names: readonly string[], at: number) => names.map((id) => event(id, 'up', at))

/** Each event is told when it is confirmed; outages are asked for every second. */
function run(events: readonly OutageEvent[], until: number, correlator = new Correlator(topology, policy)) {
  const queue = [...events].sort((a, b) => a.at - b.at || (a.device < b.device ? -1 : 1))
  const effects: OutageEffect[] = []
  for (let now = queue[0]?.at ?? 0; now <= until; now += 1_000) {
    while (queue[0] && queue[0].at + (queue[0].to === 'up' ? 0 : policy.confirmMs) <= now)
      correlator.apply(queue.shift()!)
    effects.push(...correlator.settle(now))
  }
  return { correlator, effects, outages: [...correlator.outages()] }
}
const summary = (outages: readonly CorrelatedOutage[]) =>
  outages.map(({ cause, episodes }) => `${cause.kind} ${cause.key} ${cause.mode}: ${episodes.length}`).sort()

describe('the cause that is named', () => {
  it('is the pole when only its cameras failed', () => {
    expect(summary(run(cut(ids(0, 3), 0), 5 * minuteMs).outages)).toEqual(['pole P0 together: 3'])
  })
  it('is the switch when all behind it failed, with how many of how many and within what time', () => {
    const { outages } = run(cut(ids(0, 12), 0), 5 * minuteMs)
    expect(summary(outages)).toEqual(['switch S1 together: 12'])
    expect(outages[0]!.evidence).toMatchObject({ down: 12, of: 12 })
    expect(outages[0]!.evidence.withinMs).toBeLessThanOrEqual(policy.everyMs)
  })
  it('is the feed when it took two of four poles of a switch; the wider causes are kept as rejected', () => {
    const { outages } = run(cut(ids(0, 6), 0), 5 * minuteMs)
    expect(summary(outages)).toEqual(['feed F0 together: 6'])
    expect(outages[0]!.evidence.rejected).toContainEqual({ kind: 'switch', key: 'S1', down: 6, of: 12 })
  })
  it('is each device when they share only a district', () => {
    expect(summary(run(cut(['x0', 'x13', 'x26'], 0), 5 * minuteMs).outages)).toHaveLength(3)
  })
  it('is still the switch when one of twelve stays up on a battery', () => {
    expect(summary(run(cut(ids(1, 12), 0), 5 * minuteMs).outages)).toEqual(['switch S1 together: 11'])
  })
  it('is two causes at once when two things failed', () => {
    expect(summary(run([...cut(ids(0, 12), 0), ...cut(ids(15, 18), 5_000)], 5 * minuteMs).outages)).toEqual([
      'pole P5 together: 3',
      'switch S1 together: 12',
    ])
  })
  it('is the switch that is restarted camera by camera', () => {
    const rolling = ids(0, 12).flatMap((id, n) => [event(id, 'down', n * 50_000), event(id, 'up', n * 50_000 + 80_000)])
    expect(summary(run(rolling, 12 * minuteMs).outages)).toEqual(['switch S1 rolling: 12'])
  })
  it('is the gateway when nothing is known of what it looks after: silent or blind', () => {
    const all = [...devices, ...others].map((d) => d.id)
    const silent = all.map((id) => event(id, 'unknown', 90_000, { sign: 'silent' }))
    expect(summary(run(silent, 5 * minuteMs).outages)).toEqual(['gateway G1 silent: 84'])
    const blind = all.map((id) => event(id, 'unknown', 90_000, { sign: 'blind' }))
    expect(summary(run(blind, 5 * minuteMs).outages)).toEqual(['gateway G1 blind: 84'])
  })
  it('is not the pole when its cameras answer, and refuse the login', () => {
    const refused = cut(ids(0, 3), 0, { sign: 'device' })
    expect(summary(run(refused, 5 * minuteMs).outages)).toHaveLength(3)
  })
})

describe('a gateway that is heard again', () => {
  const all = [...devices, ...others].map((d) => d.id)
  const silent = all.map((id, n) => event(id, 'unknown', 90_000 + n * 100, { sign: 'silent' }))
  const rest = all.filter((id) => !ids(0, 12).includes(id))

  it('gives its outage up for what is really down: explained afresh, with the onset that it had', () => {
    const { outages } = run([...silent, ...back(rest, 3 * minuteMs), ...cut(ids(0, 12), 3 * minuteMs)], 6 * minuteMs)
    expect(summary(outages)).toEqual(['gateway G1 silent: 72', 'switch S1 together: 12'])
    const [gateway, cause] = outages
    expect(endOf(gateway!)).toBe(3 * minuteMs)
    expect(gateway!.changes.map(({ change }) => change)).toContain('split')
    expect(gateway!.changes.at(-1)).toMatchObject({ change: 'resolved', members: 72 })
    expect(countsOf(cause!)).toEqual({ members: 12, down: 12 })
    expect(Math.min(...cause!.episodes.map((e) => e.from))).toBe(90_000)
  })
  it('does so after a silence of an hour too', () => {
    const heard = 61 * minuteMs
    const { outages } = run([...silent, ...back(rest, heard), ...cut(ids(0, 12), heard)], 65 * minuteMs)
    expect(summary(outages)).toEqual(['gateway G1 silent: 72', 'switch S1 together: 12'])
  })
  it('even when hardly anything came back, or nothing', () => {
    for (const up of [0, 1]) {
      const cutOff = [...ids(up, 12)]
      const few = topologyOf(devices.slice(0, 12))
      const events = [
        ...ids(0, 12).map((id) => event(id, 'unknown', 90_000, { sign: 'silent' })),
        ...back(ids(0, up), 3 * minuteMs),
        ...cut(cutOff, 3 * minuteMs),
      ]
      const { outages } = run(events, 6 * minuteMs, new Correlator(few, policy))
      const down = outages.filter((o) => endOf(o) === null)
      expect(summary(down)).toEqual([`switch S1 together: ${cutOff.length}`])
    }
  })
})

describe('all parents must be down', () => {
  const uplinks = (device: PlacedDevice): PlacedDevice => ({
    ...device,
    needs: [[nodeOf('switch', 'S1'), nodeOf('switch', 'S2')]],
  })
  const twin = topologyOf([...devices.map((d, n) => (n === 0 || n === 12 ? uplinks(d) : d)), ...others])
  it('a camera with a second uplink that stays up says nothing against its switch', () => {
    const { outages } = run(cut(ids(1, 12), 0), 5 * minuteMs, new Correlator(twin, policy))
    expect(summary(outages)).toEqual(['switch S1 together: 11'])
    expect(outages[0]!.evidence).toMatchObject({ down: 11, of: 11 })
  })
  it('and is a symptom only when both have failed', () => {
    const one = run([...cut(ids(1, 12), 0), event('c12', 'down', 3_000)], 5 * minuteMs, new Correlator(twin, policy))
    expect(summary(one.outages)).toEqual(['device c12 together: 1', 'switch S1 together: 11'])
    const both = [
      ...cut(ids(1, 12), 0),
      ...cut(ids(13, 24), 0),
      event('c12', 'down', 3_000),
      event('c00', 'down', 4_000),
    ]
    const { outages } = run(both, 5 * minuteMs, new Correlator(twin, policy))
    expect(outages.map((o) => o.episodes.length).sort()).toEqual([11, 13])
  })
})

describe('an outage', () => {
  it('keeps its id while it grows from a device to a switch, and says so', () => {
    const { effects, outages } = run(cut(ids(0, 12), 0), 5 * minuteMs)
    expect(outages).toHaveLength(1)
    const changes = outages[0]!.changes.map((c) => c.change)
    expect(changes[0]).toBe('opened')
    expect(changes).toContain('cause')
    expect(outages[0]!.changes.at(-1)).toMatchObject({ members: 12, down: 12, cause: { kind: 'switch', key: 'S1' } })
    for (const effect of effects) if (effect.kind === 'merged') expect(effect.into).toBe(outages[0]!.id)
  })
  it('heals partly, then wholly, and is the same one when it fails again soon', () => {
    const events = [...cut(ids(0, 12), 0), ...back(ids(0, 8), 10 * minuteMs), ...back(ids(8, 12), 12 * minuteMs)]
    const { outages } = run(events, 13 * minuteMs)
    expect(outages[0]!.changes.map((c) => c.change)).toEqual(expect.arrayContaining(['partly-resolved', 'resolved']))
    expect(endOf(outages[0]!)).toBe(12 * minuteMs)
    const again = run([...events, ...cut(ids(0, 12), 20 * minuteMs)], 25 * minuteMs)
    expect(again.outages).toHaveLength(1)
    expect(again.outages[0]!.changes.map((c) => c.change)).toContain('reopened')
    expect(countsOf(again.outages[0]!)).toEqual({ members: 12, down: 12 })
  })
  it('that is long over is forgotten: the next is a new one', () => {
    const first = run([...cut(ids(0, 3), 0), ...back(ids(0, 3), minuteMs)], 40 * minuteMs)
    expect(first.outages).toEqual([])
  })
  it('takes in what fails behind its cause long after', () => {
    const events = [...cut(ids(0, 11), 0), event('c11', 'down', 25 * minuteMs)]
    expect(summary(run(events, 28 * minuteMs).outages)).toEqual(['switch S1 together: 12'])
  })
  it('tells of its last growth too, when no more comes', () => {
    const { outages } = run([...cut(ids(0, 11), 0), event('c11', 'down', 2 * minuteMs)], 5 * minuteMs)
    expect(outages[0]!.changes.at(-1)).toMatchObject({ change: 'grew', members: 12, down: 12 })
  })
  it('goes on after a restart', () => {
    const before = run(cut(ids(0, 12), 0), 5 * minuteMs)
    const after = new Correlator(topology, policy)
    after.restore(structuredClone(before.outages))
    const { outages } = run(back(ids(0, 12), 30 * minuteMs), 31 * minuteMs, after)
    expect(outages.map(endOf)).toEqual([30 * minuteMs])
  })
})

describe('a device that comes and goes', () => {
  const flaps = Array.from({ length: 6 }, (_, n) => [
    event('x1', 'down', n * 4 * minuteMs),
    event('x1', 'up', n * 4 * minuteMs + minuteMs),
  ]).flat()
  it('is one outage, called flapping', () => {
    expect(summary(run(flaps, 26 * minuteMs).outages)).toEqual(['flapping x1 rolling: 6'])
  })
  it('a switch that does is one outage of the switch', () => {
    const all = Array.from({ length: 5 }, (_, n) => [
      ...cut(ids(0, 12), n * 5 * minuteMs),
      ...back(ids(0, 12), n * 5 * minuteMs + 2 * minuteMs),
    ])
    const { outages } = run(all.flat(), 27 * minuteMs)
    expect(outages).toHaveLength(1)
    expect(outages[0]!.cause).toMatchObject({ kind: 'switch', key: 'S1' })
  })
})

it('every episode is in exactly one outage, whatever happens', () => {
  const device = fc.constantFrom(...ids(0, 24), 'x1', 'x2', 'x3')
  const step = fc.record({ device, up: fc.boolean(), after: fc.integer({ min: 0, max: 120_000 }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      let at = 0
      const events = steps.map(({ device: id, up, after }) => {
        at += after
        return event(id, up ? 'up' : 'down', at)
      })
      const { correlator, effects } = run(events, at + 2 * minuteMs)
      const listed = [...correlator.outages()].flatMap((o) => o.episodes.map((e) => ({ e, id: o.id })))
      expect(new Set(listed.map(({ e }) => e)).size).toBe(listed.length)
      for (const { e, id } of listed) expect(e.outage).toBe(id)
      const open = listed.filter(({ e }) => e.to === null).map(({ e }) => e.device)
      expect(new Set(open).size).toBe(open.length)
      for (const id of new Set(events.map((e) => e.device))) expect(correlator.isOut(id)).toBe(open.includes(id))
      for (const o of correlator.outages()) expect(o.changes[0]?.change).toBe('opened')
      const again = run(events, at + 2 * minuteMs)
      expect(again.effects.map((x) => (x.kind === 'changed' ? x.change : x))).toEqual(
        effects.map((x) => (x.kind === 'changed' ? x.change : x)),
      )
    }),
    { numRuns: 150 },
  )
})

describe('gaps in the record', () => {
  const spot = (n: number) => ({ longitude: 112.5 + n / 100, latitude: 26.9 })
  it('a camera on the spot of a pole hangs on it, and has the switch and the feed of its neighbours', () => {
    const filled = topologyOf([
      { ...bare, id: 'a', ...spot(1), pole: 'P', switch: 'S', feed: 'F' },
      { ...bare, id: 'b', ...spot(1) },
      { ...bare, id: 'c', ...spot(2) },
    ])
    expect(filled.nodes.get('b')).toEqual(filled.nodes.get('a'))
    expect(filled.nodes.get('c')).not.toContain('pole:P')
  })
  it('but not where the neighbours differ', () => {
    const filled = topologyOf([
      { ...bare, id: 'a', ...spot(1), pole: 'P', switch: 'S' },
      { ...bare, id: 'b', ...spot(1), pole: 'P', switch: 'T' },
      { ...bare, id: 'c', ...spot(1) },
    ])
    expect(filled.nodes.get('c')).toContain('pole:P')
    expect(filled.nodes.get('c')!.filter((node) => node.startsWith('switch:'))).toEqual([])
  })
  /** Of every third camera the record says neither pole nor switch. */
  const gaps = (d: PlacedDevice, n: number) => (n % 3 === 2 ? { ...d, pole: null, switch: null, feed: null } : d)
  const gappy = topologyOf([...devices.map(gaps), ...others.map(gaps)])
  it('a camera without a recorded switch that fails in the same round of probes fails of the switch', () => {
    const { outages } = run(cut(ids(0, 12), 0), 5 * minuteMs, new Correlator(gappy, policy))
    expect(summary(outages)).toEqual(['switch S1 together: 12'])
  })
  it('but not one that fails a minuteMs later, nor one whose switch is on record', () => {
    const late = [...cut(ids(0, 12), 0), event('x2', 'down', minuteMs), event('x0', 'down', 3_000)]
    expect(summary(run(late, 5 * minuteMs, new Correlator(gappy, policy)).outages)).toEqual([
      'device x0 together: 1',
      'device x2 together: 1',
      'switch S1 together: 12',
    ])
  })
})

it('what is told between two pieces of a settling is neither lost nor mis-ordered', () => {
  const correlator = new Correlator(topology, policy)
  for (const e of cut(ids(0, 12), 0)) correlator.apply(e)
  const told = [
    event('c00', 'up', minuteMs),
    event('c00', 'down', minuteMs + 1),
    event('c01', 'up', minuteMs),
    ...cut(['x0'], minuteMs),
  ]
  const steps = correlator.settling(minuteMs)
  for (let step = steps.next(); !step.done; step = steps.next()) {
    const next = told.shift()
    if (next) correlator.apply(next)
    // Not heard before the settling has ended, and a second one tells nothing.
    expect(correlator.isOut('c01')).toBe(true)
    expect(correlator.settle(minuteMs)).toEqual([])
  }
  expect(told).toEqual([])
  expect(['c00', 'c01', 'x0'].map(correlator.isOut)).toEqual([true, false, true])
  correlator.settle(2 * minuteMs)
  const all = [...correlator.outages()].flatMap(({ episodes }) => episodes)
  expect(all.filter(({ device }) => device === 'c00').map(({ from, to }) => [from, to])).toEqual([
    [0, minuteMs],
    [minuteMs + 1, null],
  ])
  expect(all).toHaveLength(14)
})
