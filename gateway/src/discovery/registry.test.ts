import { describe, expect, test } from 'vitest'
import { defaultRegistryLimits, FoundRegistry } from './registry.ts'

const uuid = (n: number) => `urn:uuid:00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
const match = (n: number, xaddr: string) =>
  `<ProbeMatch><EndpointReference><Address>${uuid(n)}</Address></EndpointReference><Types>dn:NetworkVideoTransmitter</Types><XAddrs>${xaddr}</XAddrs></ProbeMatch>`
const datagram = (...matches: string[]) =>
  Buffer.from(`<E><Body><ProbeMatches>${matches.join('')}</ProbeMatches></Body></E>`)
const at = (n: number, address: string) => datagram(match(n, `http://${address}/x`))
const registry = (limits = {}) =>
  new FoundRegistry({ allowLoopback: false, limits: { ...defaultRegistryLimits, ...limits } })
const start = 1_800_000_000_000

test('a device is told once, and again when it changes or after a while', () => {
  const found = registry()
  expect(found.receive(at(1, '10.0.0.1'), '10.0.0.1', start)).toMatchObject([
    { endpoint: uuid(1), address: '10.0.0.1', quarantine: 'new', seenAt: start },
  ])
  expect(found.receive(at(1, '10.0.0.1'), '10.0.0.1', start + 1)).toEqual([])
  expect(found.receive(datagram(match(1, 'http://10.0.0.1:81/x')), '10.0.0.1', start + 2)).toHaveLength(1)
  expect(found.receive(datagram(match(1, 'http://10.0.0.1:81/x')), '10.0.0.1', start + 600_002)).toHaveLength(1)
})

describe('an endpoint at another address', () => {
  test('has moved when its old address has fallen silent', () => {
    const found = registry()
    found.receive(at(1, '10.0.0.1'), '10.0.0.1', start)
    expect(found.receive(at(1, '10.0.0.9'), '10.0.0.9', start + 60_000)).toMatchObject([
      { endpoint: uuid(1), address: '10.0.0.9' },
    ])
    expect(found.counters.moved).toBe(1)
  })

  test('is listed beside it once both are heard, both as a conflict', () => {
    const found = registry()
    const hear = (address: string, now: number) => found.receive(at(1, address), address, start + now)
    hear('10.0.0.1', 0)
    expect(hear('10.0.0.9', 1_000)).toEqual([])
    expect(hear('10.0.0.1', 2_000)).toMatchObject([
      { endpoint: uuid(1), address: '10.0.0.1', quarantine: 'endpoint-conflict' },
    ])
    expect(hear('10.0.0.9', 3_000)).toMatchObject([
      { endpoint: `${uuid(1)}#10.0.0.9`, address: '10.0.0.9', quarantine: 'endpoint-conflict' },
    ])
    expect(found.size).toBe(2)
    // The second has gone.
    expect(hear('10.0.0.1', 70_000)).toMatchObject([{ endpoint: uuid(1), quarantine: 'new' }])
    // And now the first: what was listed as a second one is the device itself.
    expect(hear('10.0.0.9', 140_000)).toMatchObject([{ endpoint: uuid(1), address: '10.0.0.9', quarantine: 'new' }])
    expect(found.size).toBe(1)
  })

  test('is one of a few at most that are listed beside it', () => {
    const found = registry()
    for (let round = 0; round < 3; round++)
      for (let n = 1; n <= 50; n++) found.receive(at(1, `10.0.0.${n}`), `10.0.0.${n}`, start + round * 1_000)
    expect(found.size).toBe(9)
  })

  test('is an impostor while the known one is heard', () => {
    const found = registry()
    found.receive(at(1, '10.0.0.1'), '10.0.0.1', start)
    expect(found.receive(at(1, '10.0.0.9'), '10.0.0.9', start + 59_999)).toEqual([])
    expect(found.counters.conflicts).toBe(1)
  })
})

describe('a flood', () => {
  const limits = { newPerMinute: 500, endpoints: 800, perSource: 4, perSourceSecond: 20, perSecond: 1_000 }

  test('of 10,000 devices from as many addresses stays within the caps', () => {
    const found = registry(limits)
    let told = 0
    for (let n = 0; n < 10_000; n++)
      told += found.receive(at(n, `10.1.${n >> 8}.${n & 255}`), `10.1.${n >> 8}.${n & 255}`, start + n).length
    expect(told).toBe(500)
    for (let n = 0; n < 10_000; n++)
      told += found.receive(at(n, `10.2.${n >> 8}.${n & 255}`), `10.2.${n >> 8}.${n & 255}`, start + 120_000 + n).length
    expect(found.size).toBeLessThanOrEqual(800)
    expect(found.counters.overCap).toBeGreaterThan(9_000)
  })

  test('from one address costs at most its share, and leaves the others theirs', () => {
    const found = registry(limits)
    for (let n = 0; n < 10_000; n++) found.receive(at(n, '10.0.0.66'), '10.0.0.66', start)
    expect(found.size).toBe(4)
    expect(found.counters).toMatchObject({ overBudget: 9_980, overCap: 16 })
    expect(found.receive(at(1_000_000, '10.0.0.1'), '10.0.0.1', start)).toHaveLength(1)
  })

  test('keeps real devices out for a while only, and drops none that is heard', () => {
    const found = registry({ ...limits, endpoints: 500 })
    for (let n = 0; n < 1_000; n++)
      found.receive(at(n, `10.1.${n >> 8}.${n & 255}`), `10.1.${n >> 8}.${n & 255}`, start + n)
    const real = (now: number) => found.receive(at(5_000, '10.0.0.1'), '10.0.0.1', now)
    expect(real(start + 1_800_000)).toEqual([])
    found.receive(at(7, '10.1.0.7'), '10.1.0.7', start + 3_000_000)
    expect(real(start + 3_700_000)).toMatchObject([{ endpoint: uuid(5_000) }])
    expect(found.size).toBe(2)
  })

  test('of rubbish is counted and costs nothing else', () => {
    const found = registry(limits)
    for (let n = 0; n < 10_000; n++)
      expect(found.receive(Buffer.from('<a><!DOCTYPE'), `10.1.${n >> 8}.${n & 255}`, start + n * 10)).toEqual([])
    expect(found.counters.malformed).toBe(10_000)
    expect(found.size).toBe(0)
  })
})
