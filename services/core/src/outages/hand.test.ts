import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Correlator } from './correlator.ts'
import type { HandStep } from './hand.ts'
import { type PlacedDevice, topologyOf } from './topology.ts'
import { type CorrelatedOutage, type OutageEvent, defaultCorrelationPolicy as policy } from './types.ts'

const second = 1_000
/** Poles of three, switches of six, all on one gateway and one line. */
const devices: PlacedDevice[] = Array.from({ length: 24 }, (_, n) => ({
  id: `c${String(n).padStart(2, '0')}`,
  district: '430405',
  carrier: 'telecom',
  gateway: 'G1',
  pole: `P${Math.floor(n / 3)}`,
  switch: `S${Math.floor(n / 6)}`,
  feed: null,
  port: null,
  recorder: null,
  ipAddress: null,
  longitude: null,
  latitude: null,
}))
const topology = topologyOf(devices)
const id = (n: number) => devices[n]!.id

/** A correlator with a clock, that can be ended and started again from what it would have written. */
function createPlay() {
  let correlator = new Correlator(topology, policy)
  let now = 1_800_000_000_000
  const settle = () => correlator.settle(now)
  const outages = () =>
    [...correlator.outages()].map((o) => ({ ...o, episodes: o.episodes.filter((e) => e.outage === o.id) }))
  return {
    get now() {
      return now
    },
    say(n: number, to: OutageEvent['to'], sign: OutageEvent['sign'] = to === 'unknown' ? 'silent' : 'path') {
      correlator.apply({ device: id(n), to, at: now, sign, expected: false })
    },
    pass(seconds: number) {
      for (let s = 0; s < seconds; s++) {
        now += second
        settle()
      }
    },
    obey: (...steps: HandStep[]) => correlator.obey(steps, now),
    restart() {
      settle()
      const kept: CorrelatedOutage[] = structuredClone(outages())
      correlator = new Correlator(topology, policy)
      correlator.restore(kept.filter(({ episodes }) => episodes.length > 0))
    },
    outages,
    /** Where each device is that is out. */
    where(): Map<string, string> {
      return new Map(
        outages().flatMap((o) => o.episodes.flatMap((e) => (e.to === null ? [[e.device, o.id] as const] : []))),
      )
    },
    summary: () =>
      outages()
        .map((o) => `${o.cause.kind} ${o.cause.key}: ${o.episodes.map((e) => e.device).join(' ')}`)
        .sort(),
  }
}
const move = (from: string, into: string, some: readonly string[] | null = null): HandStep => ({
  do: 'move',
  from,
  into,
  devices: some,
  orders: [],
})

describe('what a person says of an outage', () => {
  it('devices that are split off stay apart from it, also when they fail again', () => {
    const play = createPlay()
    for (let n = 0; n < 6; n++) play.say(n, 'down')
    play.pass(60)
    const [whole] = play.outages()
    expect(play.summary()).toEqual(['switch S0: c00 c01 c02 c03 c04 c05'])
    expect(play.obey(move(whole!.id, 'part', [id(0), id(1)]))).toBe(true)
    expect(play.outages().map(({ evidence }) => [evidence.down, evidence.of])).toEqual([
      [4, 4],
      [2, 2],
    ])
    play.pass(60)
    for (const n of [0, 1]) play.say(n, 'up')
    play.pass(30)
    for (const n of [0, 1]) play.say(n, 'down')
    play.pass(60)
    const where = play.where()
    expect([0, 1].map((n) => where.get(id(n)))).toEqual(['part', 'part'])
    expect([2, 3, 4, 5].map((n) => where.get(id(n)))).toEqual(Array(4).fill(whole!.id))
  })

  it('outages that are merged are one, the other is gone, and the cause is as it is said', () => {
    const play = createPlay()
    for (let n = 0; n < 3; n++) play.say(n, 'down')
    play.pass(120)
    for (let n = 9; n < 12; n++) play.say(n, 'down')
    play.pass(120)
    const [a, b] = play.outages()
    const cause = { kind: 'other', key: '同一施工挖断', mode: 'together' } as const
    expect(play.obey(move(b!.id, a!.id), { do: 'name', outage: a!.id, cause })).toBe(true)
    play.pass(600)
    expect(play.summary()).toEqual(['other 同一施工挖断: c00 c01 c02 c09 c10 c11'])
  })

  it('marked as no one event each device is alone, and what fails beside them later does not join them', () => {
    const play = createPlay()
    for (let n = 0; n < 3; n++) play.say(n, 'down')
    play.pass(60)
    const [whole] = play.outages()
    const alone: HandStep = { do: 'name', outage: whole!.id, cause: { kind: 'device', key: id(0), mode: 'together' } }
    play.obey(move(whole!.id, 'one', [id(1)]), move(whole!.id, 'two', [id(2)]), alone)
    for (let n = 3; n < 6; n++) play.say(n, 'down')
    play.pass(120)
    play.restart()
    play.pass(120)
    expect(play.summary()).toEqual(['device c00: c00', 'device c01: c01', 'device c02: c02', 'pole P1: c03 c04 c05'])
  })

  it('is done once when it is done twice, and not at all when what it needs is gone', () => {
    const play = createPlay()
    for (let n = 0; n < 6; n++) play.say(n, 'down')
    play.pass(60)
    const [whole] = play.outages()
    const split = move(whole!.id, 'part', [id(0)])
    expect([play.obey(split), play.obey(split)]).toEqual([true, true])
    expect(
      play
        .outages()
        .map((o) => o.episodes.length)
        .sort(),
    ).toEqual([1, 5])
    expect(play.obey(move('gone', 'nowhere'))).toBe(false)
    expect(play.obey(move(whole!.id, 'part', [id(1)]), { do: 'hold', outage: 'gone' })).toBe(false)
    expect(
      play
        .outages()
        .map((o) => o.episodes.length)
        .sort(),
    ).toEqual([1, 5])
  })

  it('silence of the gateway is another matter: only what fails again goes where it belongs', () => {
    const play = createPlay()
    for (let n = 0; n < 3; n++) play.say(n, 'down')
    play.pass(60)
    const [whole] = play.outages()
    play.obey({ do: 'hold', outage: whole!.id })
    for (let n = 0; n < 3; n++) play.say(n, 'up')
    play.pass(30)
    for (let n = 0; n < 24; n++) play.say(n, 'unknown')
    play.pass(30)
    expect(play.where().get(id(0))).not.toBe(whole!.id)
    play.say(0, 'down')
    play.pass(30)
    expect(play.where().get(id(0))).toBe(whole!.id)
    expect(play.where().get(id(12))).not.toBe(whole!.id)
  })
})

const act = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('down' as const), n: fc.nat(23), many: fc.nat(6) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('up' as const), n: fc.nat(23), many: fc.nat(6) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unknown' as const), n: fc.nat(23), many: fc.nat(24) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 300 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('split' as const), n: fc.nat(), mask: fc.nat(255) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('merge' as const), n: fc.nat(), other: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('apart' as const), n: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cause' as const), n: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
)

it('whatever fails, heals, restarts and is said: what was said last holds, and every failure is in one outage', () => {
  fc.assert(
    fc.property(fc.array(act, { minLength: 5, maxLength: 60 }), (acts) => {
      const play = createPlay()
      /** Where a person has put each device, and what he has called the outage. */
      const said = new Map<string, string>()
      const named = new Map<string, string>()
      let given = 0
      const out = new Map<number, OutageEvent['to']>()
      const settled = () => play.outages().filter((o) => o.changes.length > 0 && o.episodes.length > 0)
      const put = (outage: string) => {
        const held = play.outages().find((o) => o.id === outage)
        const where = play.where()
        for (const { device } of held?.episodes ?? [])
          if ((where.get(device) ?? outage) === outage) said.set(device, outage)
        if (held) named.set(outage, `${held.cause.kind}:${held.cause.key}`)
      }
      const check = () => {
        const kept = new Map(play.outages().map((o) => [o.id, o]))
        for (const [outage, cause] of named) {
          const held = kept.get(outage)
          // Over for so long that it is history.
          if (!held) {
            named.delete(outage)
            for (const [device, where] of said) if (where === outage) said.delete(device)
          } else expect(`${held.cause.kind}:${held.cause.key}`).toBe(cause)
        }
        for (const o of kept.values())
          for (const e of o.episodes)
            if (e.to === null && (e.sign === 'path' || e.sign === 'device') && said.has(e.device))
              expect(o.id).toBe(said.get(e.device))
        const open = [...kept.values()].flatMap((o) => o.episodes.filter((e) => e.to === null).map((e) => e.device))
        expect(open.length).toBe(new Set(open).size)
      }
      for (const a of acts) {
        const all = settled()
        const at = (n: number) => all[n % all.length]
        if (a.do === 'pass') play.pass(a.seconds)
        else if (a.do === 'restart') play.restart()
        else if (a.do === 'down' || a.do === 'up' || a.do === 'unknown')
          for (let n = a.n; n <= Math.min(23, a.n + a.many); n++) {
            out.set(n, a.do)
            play.say(n, a.do)
          }
        else if (all.length > 0) {
          const outage = at(a.n)!
          const own = [...new Set(outage.episodes.map((e) => e.device))]
          const touched = [outage.id]
          if (a.do === 'split') {
            const some = own.filter((_, k) => a.mask & (1 << (k % 8)))
            if (some.length === 0 || some.length === own.length) continue
            touched.push(`j${++given}`)
            play.obey(move(outage.id, touched[1]!, some))
          } else if (a.do === 'merge') {
            const other = at(a.other)!
            if (other.id === outage.id) continue
            play.obey(move(other.id, outage.id))
            named.delete(other.id)
          } else if (a.do === 'apart') {
            const parts = own.slice(1).map((device) => ({ device, into: `j${++given}` }))
            const cause = { kind: 'device', key: own[0]!, mode: 'together' } as const
            const steps = parts.map(({ device, into }) => move(outage.id, into, [device]))
            play.obey(...steps, { do: 'name', outage: outage.id, cause })
            touched.push(...parts.map(({ into }) => into))
          } else {
            const cause = { kind: 'other', key: `w${++given}`, mode: 'together' } as const
            play.obey({ do: 'name', outage: outage.id, cause })
          }
          for (const outage of touched) put(outage)
        }
        check()
      }
      play.pass(60)
      check()
      const down = [...out].flatMap(([n, to]) => (to === 'up' ? [] : [id(n)]))
      expect([...play.where().keys()].sort()).toEqual(down.sort())
    }),
    { numRuns: 150, seed: 27 },
  )
}, 120_000)
