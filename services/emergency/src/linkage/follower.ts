/**
 * Takes from the outbox what was measured and noticed, asks the rules, and begins their runs: all in the transaction that moves the cursor,
 * so that each thing is judged once, and what a run does in the Record is done with it or not at all.
 */
import { evaluate, hourMs, isHeldBack, minuteMs } from '@hub/core'
import { type Consumer, type Deps, tablesIn, tablesOf } from '@hub/platform'
import type { EmergencyConfig } from '../config.ts'
import { createNearby } from '../nearby/index.ts'
import type { LinkageDb, Trx } from './db.ts'
import { Memories } from './memories.ts'
import { activeRules, countUnrun, type KeptRule } from './rules.ts'
import { type Begun, beginRun, type RunDeps } from './start-run.ts'
import { type Heard, heard, type Said, stimuliOf } from './stimuli.ts'

export const linkageConsumer = { name: 'linkage', messages: heard } as const satisfies Pick<
  Consumer,
  'name' | 'messages'
>

export type FollowerDeps = RunDeps & Pick<Deps<EmergencyConfig>, 'bus' | 'log' | 'record' | 'publishChange'>

/** @param begun after the commit: what is to be sent is in the Record. @returns the stop */
export async function followOutbox(deps: FollowerDeps, begun: () => void): Promise<() => Promise<void>> {
  const { clock, config, log, outbox, publishChange } = deps
  const record = tablesOf<LinkageDb>(deps.record)
  const latest = config.emergency.linkage.lateMinutes * minuteMs
  const memories = new Memories()
  const nearby = createNearby(deps)
  await nearby.refresh()
  await memories.load(record.db)
  let rules = await activeRules(record.db)
  let isStale = false
  let current: unknown
  let runs: Begun[] = []
  const stopHearing = await deps.bus.subscribe('changed', ({ what }) => {
    if (what === 'linkage') isStale = true
  })
  const tidy = clock.every(minuteMs, () => void nearby.refresh().catch((err) => log.warn({ err }, 'places not read')))

  const judge = async (trx: Trx, rule: KeptRule, said: Said) => {
    const now = clock.now()
    const { state, fired, late } = evaluate(rule.draft, memories.get(rule, said.subject), said, now, latest)
    if (late) return countUnrun(trx, rule.id, now, { late: 1 })
    await memories.put(trx, rule, said.subject, state)
    if (!fired) return
    if (isHeldBack(rule.draft, await runsSince(trx, rule.id, now - hourMs)))
      return countUnrun(trx, rule.id, now, { held: 1 })
    runs.push(await beginRun(deps, nearby, trx, rule, said))
  }

  const stop = await outbox.consume<Heard>({
    ...linkageConsumer,
    async take(db, message) {
      const trx = tablesIn<LinkageDb>(db)
      if (current !== db) {
        current = db
        memories.drop()
        runs = []
        if (isStale) {
          isStale = false
          rules = await activeRules(trx)
        }
      }
      if (rules.length === 0) return
      for (const said of await stimuliOf(trx, message, nearby.inventory.device))
        for (const rule of rules) if (rule.draft.when.kind === said.what.kind) await judge(trx, rule, said)
    },
    taken() {
      memories.settle()
      const done = runs.splice(0)
      if (done.length === 0) return
      const districts = [...new Set(done.flatMap((run) => run.districts))]
      publishChange({ what: 'linkage', id: done.length === 1 ? done[0]!.rule : null, districts })
      for (const incident of new Set(done.flatMap((run) => run.incident ?? [])))
        publishChange({ what: 'incidents', id: incident, districts })
      begun()
    },
  })
  return async () => {
    tidy()
    await stopHearing()
    await stop()
  }
}

async function runsSince(trx: Trx, rule: string, since: number): Promise<number> {
  const row = await trx
    .selectFrom('linkage_run')
    .select((of) => of.fn.countAll<number>().as('n'))
    .where('rule', '=', rule)
    .where('at', '>', since)
    .executeTakeFirstOrThrow()
  return Number(row.n)
}
