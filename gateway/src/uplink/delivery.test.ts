import type { Ack } from '@hub/contracts'
import { createManualClock, type ManualClock } from '@hub/platform'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, gateway, probe, testSpool } from '../spool/fixtures.ts'
import type { Spool } from '../spool/spool.ts'
import { createDelivery } from './delivery.ts'
import type { Exchange } from './offset.ts'

const second = 1_000

/** A delivery whose bus is an array. */
function testDelivery(clock: ManualClock, spool: Spool) {
  const sent: Uint8Array[] = []
  const exchanges: Exchange[] = []
  let back = 0
  const delivery = createDelivery({
    clock,
    monotonic: clock.now,
    spool,
    random: () => 0.5,
    send: async (payload) => void sent.push(Uint8Array.from(payload)),
    onExchange: (exchange) => exchanges.push(exchange),
    onCentreBack: () => {
      back += 1
    },
  })
  const ack = (seq: number, more: Partial<Ack> = {}) =>
    delivery.acknowledge({ v: 1, gateway, epoch: spool.epoch, seq, at: clock.now(), ...more })
  return { delivery, sent, exchanges, ack, seqs: () => sent.map((payload) => decode(payload).seq), backs: () => back }
}

async function withBacklog(batches: number) {
  const { spool, clock } = testSpool()
  for (let at = 1; at <= batches; at++) {
    void spool.add(probe(at))
    await clock.advanceAsync(second)
  }
  return { spool, clock, ...testDelivery(clock, spool) }
}

describe('a backlog', () => {
  const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1)

  it('goes oldest first, within a window of 32, each ack letting the next one go', async () => {
    const { delivery, seqs, ack } = await withBacklog(36)
    delivery.connection(true)
    expect(seqs()).toEqual(upTo(32))
    ack(3)
    expect(seqs().slice(32)).toEqual([33])
    ack(1)
    ack(2)
    expect(seqs().slice(33)).toEqual([34, 35])
  })

  it('of large batches is held to a megabyte under way', async () => {
    const { delivery, seqs, ack, spool, clock } = await withBacklog(0)
    for (let batch = 0; batch < 6; batch++) {
      for (let at = 1; at <= 4_000; at++) void spool.add(probe(batch * 4_000 + at))
      await clock.advanceAsync(second)
    }
    const least = Math.ceil(1_000_000 / (spool.stats().bytes / spool.stats().batches))
    expect(least).toBeLessThan(spool.stats().batches)
    delivery.connection(true)
    expect(seqs()).toEqual(upTo(least))
    ack(1)
    expect(seqs().at(-1)).toBe(least + 1)
  })

  it('does not hold up what is new', async () => {
    const { delivery, seqs, spool, clock } = await withBacklog(36)
    delivery.connection(true)
    void spool.add(probe(99))
    await clock.advanceAsync(second)
    expect(seqs()).toEqual([...upTo(32), 37])
  })

  it('waits while the bus is down', async () => {
    const { delivery, seqs, clock } = await withBacklog(2)
    await clock.advanceAsync(600 * second)
    expect(seqs()).toEqual([])
    delivery.connection(true)
    delivery.connection(false)
    await clock.advanceAsync(600 * second)
    expect(seqs()).toEqual([1, 2])
  })
})

describe('a batch without an ack', () => {
  it('is sent again, the same bytes, after 5, 10, 20, 40, 60, 60 seconds', async () => {
    const { delivery, sent, clock } = await withBacklog(1)
    const start = clock.now()
    delivery.connection(true)
    const times: number[] = []
    for (let s = 0; s < 200; s++) {
      const before = sent.length
      await clock.advanceAsync(second)
      if (sent.length > before) times.push((clock.now() - start) / second)
    }
    expect(times).toEqual([5, 15, 35, 75, 135, 195])
    expect(new Set(sent.map((payload) => Buffer.from(payload).toString())).size).toBe(1)
  })

  it('that is acknowledged after all says that the centre is back, and measures no time', async () => {
    const { delivery, ack, clock, exchanges, backs } = await withBacklog(1)
    delivery.connection(true)
    await clock.advanceAsync(6 * second)
    ack(1)
    expect(backs()).toBe(1)
    expect(exchanges).toEqual([])
  })
})

it('ignores an ack it already had, and one for a batch it never made', async () => {
  const { delivery, ack, spool, exchanges } = await withBacklog(2)
  delivery.connection(true)
  ack(1)
  ack(1)
  ack(77)
  ack(2, { epoch: spool.epoch - 1 })
  expect(spool.waiting(10)).toEqual([2])
  expect(exchanges.length).toBe(1)
  expect(delivery.stats()).toMatchObject({ acknowledged: 1, unknownAcks: 3, inFlight: 1 })
})

type Step =
  | { do: 'add'; count: number }
  | { do: 'wait'; ms: number }
  | { do: 'cut' }
  | { do: 'restore' }
  | { do: 'ack'; which: number; times: number }
  | { do: 'crash' }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('add' as const), count: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 30_000 }) }),
  fc.record({ do: fc.constant('cut' as const) }),
  fc.record({ do: fc.constant('restore' as const) }),
  fc.record({ do: fc.constant('ack' as const), which: fc.nat(), times: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant('crash' as const) }),
)

it('delivers every stored observation at least once, and one name always has the same bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const clock = createManualClock()
      const heard = new Map<string, string>()
      const stored = new Set<number>()
      let spoolNow = testSpool({ clock })
      let now = testDelivery(clock, spoolNow.spool)
      let read = 0
      let at = 0
      const hear = () => {
        for (const payload of now.sent.slice(read)) {
          const { epoch, seq } = decode(payload)
          const text = Buffer.from(payload).toString()
          expect(heard.get(`${epoch}/${seq}`) ?? text).toBe(text)
          heard.set(`${epoch}/${seq}`, text)
        }
        read = now.sent.length
      }
      for (const each of [...steps, { do: 'restore' } as const, { do: 'wait', ms: 120_000 } as const]) {
        if (each.do === 'add')
          for (let i = 0; i < each.count; i++) {
            const mine = ++at
            void spoolNow.spool.add(probe(mine)).then(
              () => stored.add(mine),
              () => {},
            )
          }
        else if (each.do === 'wait') await clock.advanceAsync(each.ms)
        else if (each.do === 'cut') now.delivery.connection(false)
        else if (each.do === 'restore') now.delivery.connection(true)
        else if (each.do === 'ack') {
          hear()
          const name = [...heard.keys()][each.which % heard.size]
          if (name) for (let i = 0; i < each.times; i++) now.ack(Number(name.split('/')[1]))
        } else {
          now.delivery.stop()
          await spoolNow.spool.close()
          spoolNow = testSpool({ ...spoolNow.settings, clock })
          now = testDelivery(clock, spoolNow.spool)
          read = 0
        }
        hear()
      }
      // The centre acknowledges all it hears until nothing waits.
      for (let round = 0; round < 100 && spoolNow.spool.waiting(1).length > 0; round++) {
        for (const { seq } of now.sent.map(decode)) now.ack(seq)
        await clock.advanceAsync(second)
        hear()
      }
      const delivered = new Set(
        [...heard.values()].flatMap((text) => decode(Buffer.from(text)).observations.map((o) => o.at)),
      )
      expect(spoolNow.spool.waiting(1)).toEqual([])
      expect([...stored].filter((at) => !delivered.has(at))).toEqual([])
      await spoolNow.spool.close()
    }),
    { numRuns: 40 },
  )
})
