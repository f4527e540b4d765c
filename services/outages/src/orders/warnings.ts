/** Looks at the work orders that are overtime, and puts the warnings of them in the queue of notices: of one moment together. */
import { type Colour, type TellingPolicy, warns } from '@hub/core'
import {
  type Clock,
  enqueueNotices,
  everyOrder,
  findWorkOrder,
  type HubConfig,
  lastQueued,
  listWarnings,
  type NewNotice,
  putWarned,
  type RecordStore,
  repairRulesOf,
  type Warned,
} from '@hub/platform'
import { type Item, warningNotice } from './warning-message.ts'

/** A recipient is not given two notices within this time. */
const gapMs = 60_000
const ranks: readonly Colour[] = ['red', 'yellow']

export type Warner = {
  /** @returns how many notices were put in the queue */
  look(): Promise<number>
}

export function createWarner({
  record,
  clock,
  config,
  policy,
}: {
  record: RecordStore
  clock: Clock
  config: Pick<HubConfig, 'channels' | 'policy'>
  policy: Pick<TellingPolicy, 'hours'>
}): Warner {
  const rules = repairRulesOf(config.policy)
  return {
    async look() {
      const now = clock.now()
      const warnings = listWarnings(record.sqlite)
      const due = config.channels.flatMap((channel) => {
        const of = warnings.filter(({ told, ...warning }) => {
          const known = told.filter((t) => t.channel === channel.id).map(({ colour }) => colour)
          return warns(warning, known, channel, now, policy)
        })
        return of.length > 0 ? [{ channel, of }] : []
      })
      if (due.length === 0) return 0
      const queued = lastQueued(record.sqlite)
      const notices: NewNotice[] = []
      const warned: Warned[] = []
      for (const { channel, of } of due) {
        if (now - (queued.get(channel.id) ?? Number.NEGATIVE_INFINITY) < gapMs) continue
        const items: Item[] = []
        for (const { id, colour } of of.sort((a, b) => ranks.indexOf(a.colour) - ranks.indexOf(b.colour)))
          items.push({ colour, order: await findWorkOrder(record.db, everyOrder, id, now, rules) })
        const [first, ...more] = items
        if (!first) continue
        notices.push(warningNotice(channel, [first, ...more], { now, yellowShare: rules.yellowShare }))
        for (const { id: workOrder, colour } of of) warned.push({ workOrder, channel: channel.id, colour })
      }
      if (notices.length === 0) return 0
      await record.commit((sqlite) => {
        enqueueNotices(sqlite, notices, [], now)
        putWarned(sqlite, warned, now)
      })
      return notices.length
    },
  }
}
