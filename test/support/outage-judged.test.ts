import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tablesOf } from '@hub/platform'
import { expect, onTestFinished, test } from 'vitest'
import { judgeOutage } from '../../services/outages/src/judge.ts'
import type { OutagesDb } from '../../services/outages/src/tables.ts'
import { cameraId, createRig } from '../../services/outages/src/testing/rig.ts'
import { f1 } from '../bench/outages/unlike/pairs.ts'
import { recorded } from '../bench/outages/unlike/record.ts'
import { replay } from '../bench/outages/unlike/replay.ts'
import { score } from '../bench/outages/unlike/score.ts'

test('what a person said of a real outage is scored against the correlation of today', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hub-judged-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const rig = await createRig()
  await rig.pass(31)
  for (let n = 0; n < 10; n++) rig.say(cameraId(n), 'down')
  await rig.pass(400)
  for (let n = 20; n < 24; n++) rig.say(cameraId(n), 'down')
  await rig.pass(120)
  const judge = async (kind: string, said: Parameters<typeof judgeOutage>[4]) => {
    const { id } = (await rig.board()).outages.find(({ cause }) => cause.kind === kind)!
    await tablesOf<OutagesDb>(rig.record).transaction((trx) =>
      judgeOutage(trx, rig.deps, { scope: 'city', user: 'li' }, id, said, rig.clock.now()),
    )
    await rig.pass(2)
  }
  const half = [0, 1, 2, 3, 4].map(cameraId)
  await judge('switch', { act: 'split', devices: half as never, reason: '两处' })
  await judge('pole', { act: 'confirm', reason: '现场' })
  const path = join(folder, 'record.db')
  rig.record.sqlite.prepare('VACUUM INTO ?').run(path)
  await rig.stop()

  const [wrong, right] = [...recorded(path)]
  expect(wrong!.causes.map(({ members }) => members.length)).toEqual([5, 5])
  expect(right!.causes).toMatchObject([{ what: 'pole P-5', lone: false, names: [{ kind: 'pole', keys: ['P-5'] }] }])
  const scored = (of: typeof wrong) => score(of!, replay(of!))
  // The ten go together still: of 45 pairs 20 are true.
  expect(f1(scored(wrong).pairs)).toMatchObject({ precision: 20 / 45, recall: 1 })
  expect(scored(right)).toMatchObject({ causes: 1, right: 1 })
  expect(f1(scored(right).pairs).f1).toBe(1)
})
