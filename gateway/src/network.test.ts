import { createManualClock } from '@hub/platform'
import { describe, expect, it } from 'vitest'
import { createNetworkWatch, throughNetwork } from './network.ts'
import { probe } from './spool/fixtures.ts'

describe("the gateway's own network", () => {
  it('is down when none of its interfaces is up', () => {
    const clock = createManualClock()
    let up = ['10.0.0.1', '10.1.0.1']
    const isBlind = createNetworkWatch(clock, { interfaces: ['10.0.0.1', '10.1.0.1'], allowLoopback: false }, () => up)
    expect(isBlind()).toBe(false)
    up = ['10.1.0.1']
    clock.advance(500)
    expect(isBlind()).toBe(false)
    up = ['127.0.0.1']
    clock.advance(500)
    expect(isBlind()).toBe(true)
    up = ['10.0.0.1']
    clock.advance(500)
    expect(isBlind()).toBe(false)
  })

  it.each([
    [false, ['127.0.0.1', '::1'], true],
    [false, [], true],
    [false, ['127.0.0.1', '10.0.0.1'], false],
    [true, ['127.0.0.1'], false],
  ])(
    'when no interface is configured, and loopback is the field: %s, with %j up, is down: %s',
    (allowLoopback, up, blind) => {
      expect(createNetworkWatch(createManualClock(), { interfaces: [], allowLoopback }, () => up)()).toBe(blind)
    },
  )

  it('knows the loopback interface of this machine', () => {
    expect(createNetworkWatch(createManualClock(), { interfaces: ['127.0.0.1'], allowLoopback: true })()).toBe(false)
  })
})

describe('through a network that is down', () => {
  it('a failure says nothing of the device', () => {
    const failure = probe(1, { verdict: 'fail', reason: 'timeout' })
    expect(throughNetwork(failure, true)).toEqual({ ...failure, verdict: 'blind', reason: 'gateway-network' })
    expect(throughNetwork(failure, false)).toBe(failure)
  })

  it('what was seen all the same is seen', () => {
    expect(throughNetwork(probe(1), true)).toEqual(probe(1))
  })
})
