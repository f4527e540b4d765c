/** Looks at the outages of the Record now and then, and puts what is to be told in the queue. */
import { afterTelling, type Due, digestDue, dueOf, type TellingPolicy, type ToldState } from '@hub/core'
import {
  type Clock,
  enqueueNotices,
  findTold,
  type HubConfig,
  inheritTold,
  lastDigest,
  lastQueued,
  listTellable,
  listTold,
  type NewNotice,
  putLastDigest,
  type RecordStore,
  type TellableOutage,
  type Told,
} from '@hub/platform'
import { compose, type Item, isOver, type Sums, shownFacts, worstFirst } from './message.ts'

export type Channel = HubConfig['channels'][number]

const secondMs = 1_000
const minuteMs = 60_000
const againMs = 30 * minuteMs

export const tellingPolicyOf = (outages: HubConfig['policy']['outages']): TellingPolicy => ({
  ...{ groupHoldMs: outages.groupHoldSeconds * secondMs, deviceHoldMs: outages.deviceHoldSeconds * secondMs },
  ...{ leastMembers: outages.ownNoticeDevices, digestMs: outages.digestMinutes * minuteMs, againMs },
  ...{ digestHours: outages.digestHours ?? null, hours: outages.hours ?? null },
})

export type Teller = {
  /** @returns how many notices were put in the queue */
  look(): Promise<number>
}

const sumsOf = (due: readonly Due<TellableOutage>[]): Sums => ({
  outages: due.length,
  over: due.filter(({ outage }) => isOver(outage)).length,
  down: due.reduce((sum, { outage }) => sum + outage.down, 0),
})

export function createTeller({
  record,
  clock,
  channels,
  policy,
}: {
  record: RecordStore
  clock: Clock
  channels: readonly Channel[]
  policy: TellingPolicy
}): Teller {
  const { sqlite } = record
  /** Of the outages last looked at. The Record holds the same. */
  const known = new Map<string, Map<string, ToldState>>()
  let queuedAt: Map<string, number> | null = null

  const read = (ids: readonly string[]) => {
    const unread = ids.filter((id) => !known.has(id))
    for (const id of unread) known.set(id, new Map())
    if (unread.length > 0) for (const told of listTold(sqlite, unread)) known.get(told.outage)?.set(told.channel, told)
  }
  const shownOf = (due: readonly Due<TellableOutage>[]): Item[] =>
    due
      .map(({ outage, telling: { what } }) => ({ outage, what }))
      .sort(worstFirst)
      .slice(0, shownFacts)
      .flatMap(({ outage: { id }, what }) => {
        const outage = findTold(sqlite, id)
        return outage ? [{ what, outage }] : []
      })

  return {
    async look() {
      const now = clock.now()
      for (const id of await record.commit(inheritTold)) known.delete(id)
      queuedAt ??= lastQueued(sqlite)
      const boundary = digestDue(now, policy)
      const before = lastDigest(sqlite)
      const flush = before !== null && boundary > before
      const outages = listTellable(sqlite, flush)
      const current = new Set(outages.map(({ id }) => id))
      for (const id of known.keys()) if (!current.has(id)) known.delete(id)
      read([...current])

      const notices: NewNotice[] = []
      const changes: Told[] = []
      for (const channel of channels) {
        const toldOf = ({ id }: TellableOutage) => known.get(id)?.get(channel.id) ?? null
        const due = dueOf(channel, outages, toldOf, { queuedAt: queuedAt.get(channel.id) ?? null, flush, now }, policy)
        const [first, ...more] = shownOf(due)
        if (!first) continue
        notices.push(compose(channel, [first, ...more], sumsOf(due)))
        for (const { outage, told, telling } of due)
          changes.push({ ...afterTelling(outage, told, telling, now), outage: outage.id, channel: channel.id })
      }
      if (notices.length === 0 && boundary === before) return 0
      await record.commit((handle) => {
        enqueueNotices(handle, notices, changes, now)
        putLastDigest(handle, boundary)
      })
      for (const { outage, channel, ...state } of changes) known.get(outage)?.set(channel, state)
      for (const { channel } of notices) queuedAt.set(channel, now)
      return notices.length
    },
  }
}
