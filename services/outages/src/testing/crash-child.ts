/**
 * Run and killed by `crash.test.ts`: the room on a Record file, on a clock that goes by hand, through a morning of trouble. Says after
 * each commit that changed something where the clock stands. Arguments: path, address of the receiver, instant to begin at, after
 * how many commits to die (0: never), and the story.
 */
import { existsSync, writeSync } from 'node:fs'
import { type DeviceId, type DeviceState, type Rule, type Transition, topic } from '@hub/contracts'
import {
  checkConfig,
  createManualClock,
  createMetrics,
  type History,
  runModules,
  silentLog,
  tablesOf,
} from '@hub/platform'
import { HubConfig } from '../../../hub/src/config.ts'
import { wireDeps } from '../../../hub/src/deps.ts'
import { createFakeBus } from '../../../hub/src/testing/fake-bus.ts'
import { openRecord } from '../../../hub/src/testing/record.ts'
import { notifyModule } from '../../../notify/src/module.ts'
import { workOrdersModule } from '../../../work-orders/src/module.ts'
import { judgeOutage } from '../judge.ts'
import { outagesModule } from '../module.ts'
import type { OutagesDb } from '../tables.ts'
import { cameraId, seed, setState } from './rig.ts'

const [, , path, url, beginsAt, diesAfter, story] = process.argv
/** 2026-11-22 12:00:00 in Hengyang. */
const noon = Date.UTC(2026, 10, 22, 4)
const second = 1_000
const cameras = 40
type Step = { at: number; from: number; to: number; state: DeviceState; rule: Partial<Rule> }
/** The gateway falls silent; it is heard again, but one switch is cut; the switch comes back. Seconds, and numbers of cameras. */
const trouble: Step[] = [
  { at: 40, from: 0, to: 40, state: 'unknown', rule: { id: 'stale' } },
  { at: 180, from: 10, to: 40, state: 'up', rule: {} },
  { at: 190, from: 0, to: 10, state: 'down', rule: { rung: 'reachable' } },
  { at: 330, from: 0, to: 10, state: 'up', rule: {} },
]
/** A switch is cut inside an exemption and still out after it. Seconds. */
const exempt = { from: 30, to: 100 }
const planned: Step[] = [
  { at: 60, from: 0, to: 10, state: 'down', rule: { rung: 'reachable' } },
  { at: 240, from: 0, to: 10, state: 'up', rule: {} },
]
/** A switch is cut, and a person splits four of its cameras off. Seconds. */
const judgedAt = 100
const judged: Step[] = [
  { at: 40, from: 0, to: 10, state: 'down', rule: { rung: 'reachable' } },
  { at: 200, from: 0, to: 10, state: 'up', rule: {} },
]
const stories: Record<string, readonly [Step[], number]> = { planned: [planned, 400], judged: [judged, 400] }
const [steps, lasts] = stories[story ?? ''] ?? [trouble, 620]
const ruleOf = (rule: Partial<Rule>): Rule => ({
  id: 'confirmed',
  rung: 'reachable',
  count: 3,
  needed: 3,
  firstAt: null,
  lastAt: null,
  ...rule,
})

const fresh = !existsSync(path!)
const record = await openRecord(path!)
const clock = createManualClock(Number(beginsAt) || noon)
if (fresh) seed(record, cameras, clock.now(), 'up')
if (fresh && story === 'planned')
  record.sqlite
    .prepare(
      `INSERT INTO adjustment (id, kind, count_as, status, scope, within, from_at, to_at, reason, applicant, requested_by, requested_at,
         decided_at) VALUES ('a', 'exemption', 'exempt', 'approved', ?, '"city"', ?, ?, 'r', 'x', 'y', 0, 0)`,
    )
    .run(JSON.stringify({ by: 'district', values: ['430405'] }), noon + exempt.from * second, noon + exempt.to * second)

const transport = createFakeBus()
const take = ({ at, from, to, state, rule }: Step, tell: boolean) => {
  for (let n = from; n < to; n++) {
    const device = cameraId(n)
    const since = noon + at * second
    setState(record, device, state, since, ruleOf(rule))
    const said: Transition = {
      v: 1,
      device,
      district: '430405',
      from: 'up',
      to: state,
      at: since,
      decidedAt: clock.now(),
      rule: ruleOf(rule),
    }
    if (tell) void transport.deliver(topic('transitions', { district: '430405' }), said)
  }
}
const elapsed = () => (clock.now() - noon) / second
// The rest of the hub did not die with the room: what it has decided meanwhile is in the table of states.
for (const step of steps) if (step.at <= elapsed()) take(step, false)

const changes = record.sqlite.prepare('SELECT total_changes() AS n')
const { commit, transaction } = record
let commits = 0
let seen = changes.get()!.n
const committed = <T>(result: T): T => {
  const now = changes.get()!.n
  if (now === seen) return result
  seen = now
  commits++
  writeSync(1, `${clock.now()}\n`)
  if (commits === Number(diesAfter)) process.kill(process.pid, 'SIGKILL')
  return result
}
record.commit = async (work) => committed(await commit(work))
record.transaction = async (work) => committed(await transaction(work))
const wired = wireDeps({
  record,
  clock,
  transport,
  log: silentLog,
  metrics: createMetrics(),
  history: {} as History,
  config: checkConfig(HubConfig, {
    channels: [{ id: 'duty', name: 'duty', kind: 'webhook', url, secret: 'a secret of sixteen', least: 'low' }],
  }),
})
await wired.start()
/** Once: by whoever comes to it. */
async function judge() {
  const whole = record.sqlite.prepare('SELECT id FROM outage WHERE members = 10').get()
  if (!whole || record.sqlite.prepare('SELECT 1 FROM outage_judgement').get()) return
  const devices = [6, 7, 8, 9].map(cameraId) as DeviceId[]
  const said = { act: 'split', devices, reason: '现场确认' } as const
  const li = { scope: 'city', user: 'li' } as const
  await tablesOf<OutagesDb>(record).transaction((trx) =>
    judgeOutage(trx, wired.deps, li, String(whole.id), said, clock.now()),
  )
}
const running = await runModules([outagesModule, workOrdersModule, notifyModule], wired.deps)
await wired.settle()
while (elapsed() < lasts) {
  const before = elapsed()
  await clock.advanceAsync(second)
  for (const step of steps)
    if (step.at > before && step.at <= elapsed()) {
      take(step, true)
      seen = changes.get()!.n
    }
  if (story === 'judged' && elapsed() >= judgedAt) await judge()
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve))
  // A notification that is on its way takes real time.
  const waits = record.sqlite.prepare("SELECT 1 FROM notification WHERE status = 'waiting'")
  for (let n = 0; n < 200 && waits.get(); n++) await new Promise((resolve) => setTimeout(resolve, 5))
}
await running.stop()
await wired.stop()
await record.close()
