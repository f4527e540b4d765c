/**
 * From the moment that a pole loses power to its outage in the Record, where the board reads it: a city of real processes (hub,
 * gateways, simulators) at the period of the demo. Beside it, what of that is the looking itself: from the cut until the first look
 * that fails.
 *
 *   npm run bench -- outage-delay [--cameras 600] [--every 30] [--cuts 30]
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startCity } from '../e2e/support/city.ts'
import { percentile, rounded } from './field/proc.ts'

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    cameras: { type: 'string', default: '600' },
    every: { type: 'string', default: '30' },
    cuts: { type: 'string', default: '30' },
  },
})
const [cameras, every, cuts] = [Number(values.cameras), Number(values.every), Number(values.cuts)]
/** Between two cuts; and how long one is waited for. */
const [pauseMs, patienceMs] = [1_000, 4 * every * 1_000]

const city = await startCity({
  bus: 'embedded',
  cameras,
  sensors: 0,
  probeEverySeconds: every,
  searched: 24,
})
try {
  await city.allUp(300)
  const record = new DatabaseSync(join(city.data, 'record.db'), { readOnly: true })
  const poles = record
    .prepare('SELECT pole, json_group_array(id) AS ids FROM device WHERE pole IS NOT NULL GROUP BY pole ORDER BY pole')
    .all() as { pole: string; ids: string }[]
  const opened = record.prepare(
    `SELECT min(m.from_at) AS "from", o.cause_kind AS kind, o.members FROM outage_member m JOIN outage o ON o.id = m.outage
     WHERE m.device IN (SELECT value FROM json_each(?)) AND m.from_at >= ?`,
  )
  const decided = record.prepare(
    "SELECT min(since) AS since FROM device_state WHERE device IN (SELECT value FROM json_each(?)) AND state = 'down'",
  )
  const delays: number[] = []
  const waits: number[] = []
  let whole = 0

  // Each waits for its own pole only; so they overlap, as troubles do.
  const cutPole = async ({ ids }: { ids: string }) => {
    const devices = JSON.parse(ids) as string[]
    const began = Date.now()
    for (const id of devices) await city.sims.begin('power-off', { id })
    for (let noted = false; Date.now() - began < patienceMs; await sleep(20)) {
      const { since } = decided.get(ids) as { since: number | null }
      if (!noted && since !== null) {
        noted = true
        waits.push(since - began)
      }
      const { from } = opened.get(ids, began - 2_000) as { from: number | null }
      if (from === null) continue
      delays.push(Date.now() - began)
      break
    }
    // By then every camera of the pole has been looked at.
    await sleep(Math.max(0, began + (every + 15) * 1_000 - Date.now()))
    const { kind, members } = opened.get(ids, began - 2_000) as { kind: string | null; members: number }
    if (devices.length === 1 ? kind !== null : kind === 'pole' && members === devices.length) whole++
  }
  const running: Promise<void>[] = []
  for (const pole of poles.filter((_, n) => n % Math.ceil(poles.length / cuts) === 0)) {
    running.push(cutPole(pole))
    await sleep(pauseMs)
  }
  await Promise.all(running)
  record.close()

  const seconds = (list: readonly number[], n: number) => rounded((percentile(list, n) ?? Number.NaN) / 1_000, 2)
  const figures = (list: readonly number[]) => ({
    p50_s: seconds(list, 50),
    p95_s: seconds(list, 95),
    p99_s: seconds(list, 99),
  })
  console.log(`${running.length} poles cut, ${delays.length} seen, ${whole} named whole and as the pole`)
  console.log(
    JSON.stringify({
      bench: 'outage-delay',
      ours: {
        cameras,
        period_s: every,
        cuts: running.length,
        seen: delays.length,
        named_whole: whole,
        ...figures(delays),
      },
      peers: { 'first-failing-look': figures(waits) },
      ratios: { p95_to_first_failing_look: rounded((percentile(delays, 95) ?? 0) / (percentile(waits, 95) ?? 1), 2) },
    }),
  )
} finally {
  await city.stop()
}
