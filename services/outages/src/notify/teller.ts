/** Looks at the outages of the Record now and then, and puts what is to be told in the queue. */
import { afterTelling, type Due, digestDue, dueOf, passedOf, type TellingPolicy, type ToldState } from '@hub/core'
import {
  type Clock,
  enqueueNotices,
  findTold,
  type HubConfig,
  lastDigest,
  lastQueued,
  listEnded,
  listTellable,
  listTold,
  type NewNotice,
  putLastDigest,
  type RecordStore,
  type TellableOutage,
  type Told,
} from '@hub/platform'
import { compose, type Item, isOver, type Sums, shownFacts, withPassed, worstFirst } from './message.ts'

export type Channel = HubConfig['channels'][number]

const secondMs = 1_000
const minuteMs = 60_000
const againMs = 30 * minuteMs
const dayMs = 1_440 * minuteMs

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
  let queuedAt: Map<string, number> | null = null

  /** Read at each look: outages that merge take along what was told of them. */
  const knownOf = (ids: readonly string[]) => {
    const known = new Map<string, ToldState>()
    if (ids.length > 0) for (const told of listTold(sqlite, ids)) known.set(`${told.outage} ${told.channel}`, told)
    return known
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
  /** The digest says in a line what came and went since the last, of which nobody was told. */
  const digestOf = (channel: Channel, notice: NewNotice, due: readonly Due<TellableOutage>[], now: number) => {
    const ended = listEnded(sqlite, lastDigest(sqlite, channel.id) ?? now - dayMs)
    const told = knownOf(ended.map(({ id }) => id))
    const shown = new Set(due.map(({ outage }) => outage.id))
    const untold = ended.filter(({ id }) => !shown.has(id) && !told.has(`${id} ${channel.id}`))
    const passed = passedOf(channel, untold)
    const named = ({ id }: TellableOutage) => findTold(sqlite, id)
    const [worst, longest] = passed ? [named(passed.worst), named(passed.longest)] : []
    return passed && worst && longest ? withPassed(channel, notice, { count: passed.count, worst, longest }) : notice
  }

  return {
    async look() {
      const now = clock.now()
      queuedAt ??= lastQueued(sqlite)
      const boundary = digestDue(now, policy)
      const before = lastDigest(sqlite)
      const flush = before !== null && boundary > before
      const outages = listTellable(sqlite, flush)
      const known = knownOf(outages.map(({ id }) => id))

      const notices: NewNotice[] = []
      const changes: Told[] = []
      for (const channel of channels) {
        const toldOf = ({ id }: TellableOutage) => known.get(`${id} ${channel.id}`) ?? null
        const due = dueOf(channel, outages, toldOf, { queuedAt: queuedAt.get(channel.id) ?? null, flush, now }, policy)
        const [first, ...more] = shownOf(due)
        if (!first) continue
        const notice = compose(channel, [first, ...more], sumsOf(due))
        notices.push(flush ? digestOf(channel, notice, due, now) : notice)
        for (const { outage, told, telling } of due)
          changes.push({ ...afterTelling(outage, told, telling, now), outage: outage.id, channel: channel.id })
      }
      if (notices.length === 0 && boundary === before) return 0
      await record.commit((handle) => {
        enqueueNotices(handle, notices, changes, now)
        putLastDigest(handle, boundary)
        if (flush) for (const { channel } of notices) putLastDigest(handle, now, channel)
      })
      for (const { channel } of notices) queuedAt.set(channel, now)
      return notices.length
    },
  }
}
