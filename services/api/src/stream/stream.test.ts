import { StreamEvents } from '@hub/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { camera, cameraA, cameraB, type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import { createRing } from './ring.ts'

describe('the live stream', () => {
  let hub: Hub
  beforeEach(async () => {
    hub = await startHub({ ringLimits: { frames: 10, chars: 1_000_000 } })
    await hub.importRecords([camera(cameraA), camera(cameraB)])
  })
  afterEach(() => hub.stop())
  const first = async (user = 'oper', headers = {}) => {
    const stream = await hub.openStream(user, headers)
    await expect.poll(() => stream.events.length).toBeGreaterThan(0)
    return stream
  }

  it('begins with everything, columnar', async () => {
    const stream = await first()
    expect(stream.of('snapshot')).toEqual([
      {
        seq: expect.any(Number),
        asOf: hub.clock.now(),
        ids: [cameraA, cameraB],
        states: ['unknown', 'unknown'],
        since: [null, null],
      },
    ])
  })

  it('each event is what contracts say, and its id is its seq', async () => {
    const stream = await first()
    await hub.transition(cameraA, 'down')
    await hub.importRecords([camera(cameraA, { name: '新名' })])
    await hub.clock.advanceAsync(15_000)
    await expect.poll(() => new Set(stream.events.map((e) => e.event)).size).toBe(5)
    for (const { event, id, data } of stream.events) {
      const name = event as keyof typeof StreamEvents
      expect(StreamEvents[name].safeParse(data).error).toBeUndefined()
      if ('seq' in data) expect(id).toBe(String(data.seq))
    }
  })

  it('coalesces the changes of a device within half a second: the last one wins; transitions are all there', async () => {
    const stream = await first()
    for (const to of ['down', 'up', 'degraded'] as const) {
      hub.clock.advance(10)
      await hub.transition(cameraA, to)
    }
    await hub.clock.advanceAsync(1_000)
    await expect.poll(() => stream.of('delta').length).toBe(1)
    expect(stream.of('delta')[0].changes).toEqual([[cameraA, 'degraded', expect.any(Number)]])
    expect(stream.of('transition').map((t) => t.to)).toEqual(['down', 'up', 'degraded'])
  })

  it('a transition that comes twice, or late, changes nothing', async () => {
    const stream = await first()
    const decidedAt = hub.clock.now()
    await hub.transition(cameraA, 'up', { decidedAt })
    await hub.transition(cameraA, 'down', { decidedAt: decidedAt - 1 })
    await hub.clock.advanceAsync(1_000)
    await expect.poll(() => stream.of('delta').length).toBe(1)
    expect(stream.of('transition').map((t) => t.to)).toEqual(['up'])
  })

  it('a client that comes back gets what it missed, not everything again', async () => {
    const stream = await first()
    const { seq } = stream.of('snapshot')[0]
    await stream.close()
    await hub.transition(cameraA, 'down')
    await hub.clock.advanceAsync(1_000)
    const again = await first('oper', { 'last-event-id': String(seq) })
    await expect.poll(() => again.events.map((e) => e.event)).toEqual(['transition', 'delta'])
  })

  it.each([
    ['older than the ring', (seq: number) => String(seq)],
    ['of another life of the hub', () => '5'],
    ['from the future', (seq: number) => String(seq + 1_000_000)],
    ['not a number', () => 'x; drop'],
  ])('a Last-Event-ID that is %s is answered with a snapshot', async (_, idOf) => {
    const stream = await first()
    const { seq } = stream.of('snapshot')[0]
    await stream.close()
    for (let i = 0; i < 12; i++) {
      hub.clock.advance(1)
      await hub.transition(cameraA, i % 2 ? 'up' : 'down')
    }
    await hub.clock.advanceAsync(1_000)
    const again = await first('oper', { 'last-event-id': idOf(seq) })
    expect(again.events[0]!.event).toBe('snapshot')
    expect(again.of('snapshot')[0].states[0]).toBe('up')
  })

  it('a client that was behind when the ring went on is resynced', async () => {
    const stream = await first()
    // More than the ring holds, within one tick: the client could not be written to in between.
    for (let i = 0; i < 30; i++) {
      hub.clock.advance(1)
      await hub.transition(cameraA, i % 2 ? 'up' : 'down')
    }
    await hub.clock.advanceAsync(1_000)
    await expect.poll(() => stream.of('snapshot').length).toBe(2)
    expect(stream.of('snapshot')[1].states).toEqual(['up', 'unknown'])
    const { text } = await hub.fetchText('GET', '/metrics')
    expect(text).toContain('hub_stream_resyncs_total 1')
    expect(text).toContain('hub_stream_clients 1')
  })

  it('what was lost on the bus is made up for from the record', async () => {
    const stream = await first()
    const rule = JSON.stringify({ id: 'confirmed', count: 3, needed: 3, firstAt: 1, lastAt: 2 })
    const row = {
      device: cameraB,
      state: 'down',
      since: 1_000,
      rule,
      last_at: 2,
      recent: '[]',
      health: null,
      applied: null,
    }
    await hub.record.db.insertInto('device_state').values(row).execute()
    await hub.clock.advanceAsync(61_000)
    await expect.poll(() => stream.of('delta').length).toBe(1)
    expect(stream.of('delta')[0].changes).toEqual([[cameraB, 'down', 1_000]])
  })

  it('beats every fifteen seconds', async () => {
    const stream = await first()
    await hub.clock.advanceAsync(45_000)
    await expect.poll(() => stream.of('heartbeat').length).toBe(3)
  })
})

describe('a ring', () => {
  const limits = { frames: 3, chars: 100 }
  it('has what came after a number, as long as all of it is there', () => {
    const ring = createRing(10, limits)
    for (const seq of [11, 12, 14]) ring.push({ seq, text: `f${seq}` })
    expect(ring.after(10)).toEqual(['f11', 'f12', 'f14'])
    expect(ring.after(12)).toEqual(['f14'])
    expect(ring.after(13)).toEqual(['f14'])
    expect(ring.after(14)).toEqual([])
    expect(ring.after(9)).toBeUndefined()
    expect(ring.after(15)).toBeUndefined()
    ring.push({ seq: 15, text: 'f15' })
    expect(ring.after(10)).toBeUndefined()
    expect(ring.after(11)).toEqual(['f12', 'f14', 'f15'])
  })
  it('is bounded in characters too', () => {
    const ring = createRing(0, limits)
    ring.push({ seq: 1, text: 'x'.repeat(90) })
    ring.push({ seq: 2, text: 'y'.repeat(20) })
    expect(ring.after(0)).toBeUndefined()
    expect(ring.after(1)).toEqual(['y'.repeat(20)])
  })
})
