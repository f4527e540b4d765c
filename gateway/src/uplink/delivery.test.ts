import type { Ack } from '@hub/contracts'
import { createManualClock, type ManualClock } from '@hub/platform'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, gateway, probe, testSpool } from '../spool/fixtures.ts'
import type { Spool } from '../spool/spool.ts'
import { createDelivery } from './delivery.ts'
import type { Exchange } from './offset.ts'

const second = 1_000

/** A delivery whose bus is an array. `takes`: its broker takes each at once; else when the test says so. */
function testDelivery(clock: ManualClock, spool: Spool, takes = true) {
  const sent: Uint8Array[] = []
  const open: { seq: number; resolve: () => void; reject: (error: Error) => void }[] = []
  const exchanges: Exchange[] = []
  let back = 0
  const delivery = createDelivery({
    clock,
    monotonic: clock.now,
    spool,
    random: () => 0.5,
    send({ payload }) {
      sent.push(Uint8Array.from(payload))
      if (takes) return Promise.resolve()
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      open.push({ seq: decode(payload).seq, resolve, reject })
      return promise
    },
    onExchange: (exchange) => exchanges.push(exchange),
    onCentreBack: () => {
      back += 1
    },
  })
  const ack = (seq: number, more: Partial<Ack> = {}) =>
    delivery.acknowledge({ v: 1, gateway, epoch: spool.epoch, seq, at: clock.now(), ...more })
  return {
    delivery,
    sent,
    open,
    exchanges,
    ack,
    seqs: () => sent.map((payload) => decode(payload).seq),
    backs: () => back,
  }
}

async function withBacklog(batches: number, takes = true) {
  const { spool, clock } = testSpool()
  for (let at = 1; at <= batches; at++) {
    void spool.add(probe(at))
    await clock.advanceAsync(second)
  }
  return { spool, clock, ...testDelivery(clock, spool, takes) }
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

describe('what is new', () => {
  it('has room of its own, and beyond it goes before the backlog as soon as there is any', async () => {
    const { delivery, seqs, ack, spool, clock } = await withBacklog(40)
    delivery.connection(true)
    for (let n = 0; n < 11; n++) {
      void spool.add(probe(100 + n))
      await clock.advanceAsync(second)
    }
    expect(seqs().length).toBe(40)
    expect(seqs().slice(32)).toEqual([41, 42, 43, 44, 45, 46, 47, 48])
    expect(delivery.stats().inFlight).toBe(40)
    ack(1)
    ack(2)
    expect(seqs().slice(40)).toEqual([49, 50])
    ack(3)
    ack(4)
    expect(seqs().slice(42)).toEqual([51, 33])
  })

  it('that waits for room is not more than there is room for: the rest is backlog', async () => {
    const { delivery, seqs, ack, spool, clock } = await withBacklog(32)
    delivery.connection(true)
    for (let n = 0; n < 30; n++) {
      void spool.add(probe(100 + n))
      await clock.advanceAsync(second)
    }
    for (let n = 1; n <= 9; n++) ack(n)
    expect(seqs().slice(40)).toEqual([55, 56, 57, 58, 59, 60, 61, 62, 41])
  })
})

/** Seconds at which something was sent, from now. */
async function sendings(clock: ManualClock, sent: readonly unknown[], seconds: number) {
  const start = clock.now()
  const times: number[] = []
  for (let s = 0; s < seconds; s++) {
    const before = sent.length
    await clock.advanceAsync(second)
    for (let n = before; n < sent.length; n++) times.push((clock.now() - start) / second)
  }
  return times
}

describe('a batch without an ack', () => {
  it('is sent again, the same bytes, after 75, 150, 150 seconds', async () => {
    const { delivery, sent, clock } = await withBacklog(1)
    delivery.connection(true)
    expect(await sendings(clock, sent, 400)).toEqual([75, 225, 375])
    expect(new Set(sent.map((payload) => Buffer.from(payload).toString())).size).toBe(1)
  })

  it('is left to the bus while that has it, also over another connection', async () => {
    const { delivery, sent, open, ack, clock, exchanges } = await withBacklog(2, false)
    delivery.connection(true)
    expect(await sendings(clock, sent, 600)).toEqual([])
    delivery.connection(false)
    await clock.advanceAsync(second)
    delivery.connection(true)
    expect(await sendings(clock, sent, 600)).toEqual([])
    for (const { resolve } of open) resolve()
    // Its acknowledgement may have come before the gateway listened for it.
    expect(await sendings(clock, sent, 80)).toEqual([5, 5])
    ack(1)
    ack(2)
    // How long it took nobody knows.
    expect(exchanges).toEqual([])
  })

  it('that the bus has given up is sent again', async () => {
    const { delivery, open, clock, seqs } = await withBacklog(1, false)
    delivery.connection(true)
    open[0]!.reject(new Error('refused'))
    await clock.advanceAsync(second)
    expect(seqs()).toEqual([1, 1])
  })

  it('is sent again at once over the next connection when the broker had taken it', async () => {
    const { delivery, clock, seqs, exchanges, ack } = await withBacklog(2)
    delivery.connection(true)
    await clock.advanceAsync(second)
    delivery.connection(false)
    delivery.connection(true)
    expect(seqs()).toEqual([1, 2, 1, 2])
    ack(1)
    expect(exchanges).toHaveLength(1)
  })

  it('is sent again once one that was sent much later has its own: the centre has lost it', async () => {
    const { delivery, seqs, ack, spool, clock } = await withBacklog(2)
    delivery.connection(true)
    void spool.add(probe(90))
    await clock.advanceAsync(second)
    await clock.advanceAsync(6 * second)
    void spool.add(probe(91))
    await clock.advanceAsync(second)
    // A new one: a centre that takes new ones first may still have the backlog before it.
    ack(4)
    expect(seqs()).toEqual([1, 2, 3, 4, 3])
    ack(1)
    expect(seqs()).toEqual([1, 2, 3, 4, 3])
    await clock.advanceAsync(55 * second)
    void spool.add(probe(92))
    await clock.advanceAsync(second)
    ack(5)
    expect(seqs().slice(5)).toEqual([5, 2, 3])
  })

  it('while nothing is heard of the centre is one at a time: the others wait for what becomes of it', async () => {
    const { delivery, sent, seqs, ack, clock } = await withBacklog(20)
    delivery.connection(true)
    expect(await sendings(clock, sent, 376)).toEqual([75, 225, 375])
    expect(seqs().slice(20)).toEqual([1, 1, 1])
    ack(1)
    expect(await sendings(clock, sent, 100)).toHaveLength(1)
  })

  it('that is acknowledged after all says that the centre is back, and measures no time', async () => {
    const { delivery, ack, clock, exchanges, backs } = await withBacklog(1)
    delivery.connection(true)
    await clock.advanceAsync(80 * second)
    ack(1)
    expect(backs()).toBe(1)
    expect(exchanges).toEqual([])
  })
})

it('a centre that takes three minutes for each batch is not sent one twice, but for the first ones', async () => {
  const { delivery, sent, ack, spool, clock } = await withBacklog(0)
  delivery.connection(true)
  const due: { seq: number; at: number }[] = []
  let read = 0
  const resent: number[] = []
  for (let s = 0; s < 3_600; s++) {
    if (s % 10 === 0) void spool.add(probe(s + 1))
    await clock.advanceAsync(second)
    for (; read < sent.length; read++) due.push({ seq: decode(sent[read]!).seq, at: clock.now() + 180 * second })
    while (due[0] && due[0].at <= clock.now()) ack(due.shift()!.seq)
    if (s % 600 === 599) resent.push(delivery.stats().resent)
  }
  expect(delivery.stats().ackTimeoutMs).toBe(120_000)
  expect(resent[0]).toBeLessThanOrEqual(3)
  expect(new Set(resent).size).toBe(1)
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
