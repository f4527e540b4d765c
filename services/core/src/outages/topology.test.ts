import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LiveTopology, type NodeId, nodeOf, type PlacedDevice, type Topology, topologyOf } from './topology.ts'

const ids = Array.from({ length: 8 }, (_, n) => `d${n}`)
const maybe = (...values: string[]) => fc.constantFrom(null, ...values)
const device = (id: string): fc.Arbitrary<PlacedDevice> =>
  fc.record({
    id: fc.constant(id),
    district: fc.constantFrom('430405', '430406'),
    carrier: fc.constantFrom('telecom', 'mobile'),
    gateway: maybe('g1', 'g2'),
    pole: maybe('p1', 'p2'),
    feed: maybe('f1', 'f2'),
    switch: maybe('s1', 's2'),
    port: maybe('1', '2'),
    recorder: maybe('r1'),
    ipAddress: maybe('10.0.1.1', '10.0.2.1'),
    longitude: fc.constantFrom(null, 112.5, 112.6),
    latitude: fc.constantFrom(null, 26.9),
    needs: fc.constantFrom(undefined, [[nodeOf('switch', 's3'), nodeOf('switch', 's4')]]),
  })
const cohort = fc.constantFrom<[string, string[]][]>([], [['d0', ['d0', 'd1']]], [['d1', ['d1', 'd2', 'd3']]])
const step = fc.oneof(
  fc.constantFrom(...ids).chain(device),
  fc.record({ gone: fc.constantFrom(...ids) }),
  fc.record({ cohorts: cohort }),
)

const plain = ({ needs, nodes, behind }: Topology) => ({
  needs: new Map(needs),
  nodes: new Map(nodes),
  behind: new Map([...behind].map(([node, devices]): [NodeId, string[]] => [node, [...devices].sort()])),
})

test('a topology kept up by single changes is the one that is made of all devices at once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const live = new LiveTopology()
      const present = new Map<string, PlacedDevice>()
      let cohorts = new Map<string, string[]>()
      for (const each of steps) {
        if ('cohorts' in each) {
          cohorts = new Map(each.cohorts)
          live.setCohorts(cohorts)
        } else if ('gone' in each) {
          present.delete(each.gone)
          live.update([], [each.gone])
        } else {
          present.set(each.id, each)
          live.update([each])
        }
        expect(plain(live)).toEqual(plain(topologyOf(present.values(), cohorts)))
      }
    }),
    { numRuns: 200 },
  )
})

test('a change of one device costs the same in a village and in a city', () => {
  const reached = [1_000, 5_000, 20_000].map((size) => {
    const live = new LiveTopology()
    const at = (n: number, feed: string): PlacedDevice => ({
      id: `d${n}`,
      district: '430405',
      carrier: 'telecom',
      gateway: 'g1',
      pole: `p${n >> 2}`,
      feed,
      switch: null,
      port: null,
      recorder: null,
      ipAddress: null,
      longitude: 112 + (n >> 2) / 1_000,
      latitude: 26,
    })
    live.update(Array.from({ length: size }, (_, n) => at(n, 'f1')))
    return live.update([at(500, 'f2')])
  })
  expect(reached).toEqual([4, 4, 4])
})
