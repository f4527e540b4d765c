import { join } from 'node:path'
import { type Observation, reasons } from '@hub/contracts'
import { defaultHealthPolicy, timelineOf } from '@hub/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packAll } from './testing/pack-all.ts'
import { batch, deviceId, look, openCentre, t0, tmpFolder } from './testing/rig.ts'

const devices = [1, 2, 3].map((n) => deviceId(n))
const json = (value: unknown) => JSON.parse(JSON.stringify(value))

/** Midnight of the city, and a UTC hour's edge. */
const midnight = t0 + 8 * 3_600_000

const anyLook = fc.record({
  device: fc.constantFrom(...devices),
  // Over a day's edge, dense enough for runs, sparse enough for gaps.
  at: fc.integer({ min: 0, max: 400 }).map((n) => midnight - 600_000 + n * 3_000),
  verdict: fc.constantFrom('pass', 'pass', 'pass', 'degraded', 'fail', 'fail', 'blind') as fc.Arbitrary<
    Observation['verdict']
  >,
  reason: fc.option(fc.constantFrom(reasons[0], reasons[1]), { nil: undefined }),
  every: fc.constantFrom(30_000, 30_000, 29_786, 10_000),
})

/** A history: looks cut into numbered batches, sent in any order, some twice, with flushes and crashes in between. */
const history = fc.record({
  looks: fc.array(anyLook, { minLength: 1, maxLength: 120 }),
  sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 20 }),
  order: fc.array(fc.nat(), { minLength: 1, maxLength: 40 }),
  inTime: fc.boolean(),
  steps: fc.array(
    fc.constantFrom('send', 'send', 'send', 'again', 'flush', 'flush-one', 'crash', 'expire', 'amend', 'pack'),
    {
      maxLength: 40,
    },
  ),
})

test('whatever the order, cut, repetition, flush, pack or crash, the intervals are those of the looks', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ looks, sizes, order, inTime, steps }) => {
      const folder = tmpFolder()
      const path = join(folder.path, 'record.db')
      const now = midnight + 10_000_000
      let packed = 0
      const observations = (inTime ? [...looks].sort((a, b) => a.at - b.at) : looks).map((l) =>
        look(l.device, l.at, json(l)),
      )
      const batches: Buffer[] = []
      for (let i = 0, n = 0; i < observations.length; n++) {
        const size = sizes[n % sizes.length]!
        batches.push(batch(n + 1, observations.slice(i, i + size)))
        i += size
      }
      const queue = inTime
        ? [...batches]
        : batches
            .map((b, i) => ({ b, key: order[i % order.length]! * 31 + i }))
            .sort((a, b) => (a.key % 17) - (b.key % 17))
            .map(({ b }) => b)
      const done: Buffer[] = []
      let centre = await openCentre(path, devices, { startAt: now })
      try {
        for (let i = 0; queue.length > 0; i++) {
          const step = steps[i % (steps.length + 1)] ?? 'send'
          if (step === 'flush') await centre.committer.flush(100)
          else if (step === 'flush-one') await centre.committer.flush(1)
          else if (step === 'expire') await centre.committer.expire()
          else if (step === 'amend') await centre.committer.amend(i % 2 === 0)
          else if (step === 'pack') await packAll(centre, ++packed)
          else if (step === 'crash') {
            await centre.crash()
            centre = await openCentre(path, devices, { startAt: now })
          } else if (step === 'again' && done.length > 0) await centre.post(done[i % done.length]!)
          else {
            const group = queue.splice(0, 1 + (i % 3))
            await centre.post(...group)
            done.push(...group)
          }
        }
        await centre.committer.expire()
        await centre.committer.amend(true)
        for (const device of devices) {
          const own = observations.filter((o) => o.device === device)
          expect(centre.intervals(device)).toEqual(json(timelineOf(own, defaultHealthPolicy, now)))
        }
        await packAll(centre, ++packed)
        const { n } = centre.record.sqlite
          .prepare('SELECT (SELECT total(count) FROM batch) + (SELECT total(count) FROM batch_pack) AS n')
          .get() as { n: number }
        expect(n).toBe(observations.length)
      } finally {
        await centre.crash()
        folder.remove()
      }
    }),
    { numRuns: 60 },
  )
}, 120_000)
