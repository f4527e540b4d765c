import { type DeviceId, HubError, type JudgeOutage } from '@hub/contracts'
import { tablesOf } from '@hub/platform'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { judgeOutage } from './judge.ts'
import type { OutagesDb } from './tables.ts'
import { cameraId, createRig, type Rig } from './testing/rig.ts'

const cameras = 12
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('down' as const), device: fc.nat(cameras - 1) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('up' as const), device: fc.nat(cameras - 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('silent' as const), device: fc.nat(cameras - 1) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 200 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('judge' as const),
      act: fc.constantFrom('split' as const, 'merge' as const, 'apart' as const, 'undo' as const),
      which: fc.nat(),
      other: fc.nat(),
    }),
  },
)

/** Whatever a person may say of one of the outages there are; what is refused changes nothing. */
async function judge(
  rig: Rig,
  { act, which, other }: { act: 'split' | 'merge' | 'apart' | 'undo'; which: number; other: number },
) {
  const { outages } = await rig.board()
  if (outages.length === 0) return
  const { id } = outages[which % outages.length]!
  const { members, judgements } = await rig.detail(id)
  const some = [...new Set(members.map(({ device }) => device as DeviceId))].filter((_, n) => (other >> (n % 12)) & 1)
  const said: Record<typeof act, JudgeOutage> = {
    split: { act: 'split', devices: some, reason: 'r' },
    merge: { act: 'merge', outages: [outages[other % outages.length]!.id], reason: 'r' },
    apart: { act: 'apart', reason: 'r' },
    undo: {
      act: 'undo',
      judgement: judgements.find(({ undone, act }) => !undone && act !== 'undo')?.id ?? 1,
      reason: 'r',
    },
  }
  await tablesOf<OutagesDb>(rig.record)
    .transaction((trx) => judgeOutage(trx, rig.deps, { scope: 'city', user: 'li' }, id, said[act], rig.clock.now()))
    .catch((err: unknown) => {
      if (!(err instanceof HubError)) throw err
    })
}

it('whatever fails, heals, restarts and is judged: who is not up is in one outage that is not over, and its counts are right', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const rig = await createRig({ cameras })
      await rig.pass(31)
      const out = new Set<string>()
      for (const s of steps) {
        if (s.do === 'pass') await rig.pass(s.seconds)
        else if (s.do === 'judge') await judge(rig, s)
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
      const undecided = sqlite.prepare("SELECT id FROM outage_judgement WHERE effect = 'pending'").all()
      expect(undecided).toEqual([])
      const unheld = sqlite
        .prepare("SELECT id FROM outage WHERE merged_into IS NULL AND id LIKE '%-j%' AND held = 0 AND members > 0")
        .all()
      expect(unheld).toEqual([])
      await rig.stop()
      await rig.record.close()
    }),
    { numRuns: 25, seed: 5 },
  )
}, 180_000)
