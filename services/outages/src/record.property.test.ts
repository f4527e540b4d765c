import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cameraId, createRig } from './testing/rig.ts'

const cameras = 12
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('down' as const), device: fc.nat(cameras - 1) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('up' as const), device: fc.nat(cameras - 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('silent' as const), device: fc.nat(cameras - 1) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 200 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
)

it('whatever fails, heals and restarts: who is not up is in one outage that is not over, and its counts are right', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const rig = await createRig({ cameras })
      await rig.pass(31)
      const out = new Set<string>()
      for (const s of steps) {
        if (s.do === 'pass') await rig.pass(s.seconds)
        else if (s.do === 'restart') {
          await rig.end()
          await rig.start()
        } else {
          const device = cameraId(s.device)
          rig.clock.advance(1)
          if (s.do === 'silent') rig.say(device, 'unknown', { id: 'stale' })
          else rig.say(device, s.do)
          if (s.do === 'up') out.delete(device)
          else out.add(device)
        }
      }
      // Past a grace, and past the pause of a flood.
      await rig.pass(45)
      const { sqlite } = rig.record
      const open = sqlite
        .prepare(
          `SELECT m.device FROM outage_member m JOIN outage o ON o.id = m.outage
           WHERE m.to_at IS NULL AND o.to_at IS NULL AND o.merged_into IS NULL AND o.status <> 'closed'`,
        )
        .all() as { device: string }[]
      expect(open.map(({ device }) => device).sort()).toEqual([...out].sort())
      const wrong = sqlite
        .prepare(
          `SELECT id, members, down FROM outage WHERE merged_into IS NULL AND (members, down) <> (
             SELECT count(DISTINCT device), count(DISTINCT CASE WHEN to_at IS NULL THEN device END)
             FROM outage_member m WHERE m.outage = id)`,
        )
        .all()
      expect(wrong).toEqual([])
      await rig.stop()
      await rig.record.close()
    }),
    { numRuns: 25, seed: 5 },
  )
}, 60_000)
