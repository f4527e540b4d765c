/** Counts what one recipient would be sent: an outage once, lone devices together in a digest. */
import { type CorrelatedOutage, countsOf, defaultNoticePolicy, endOf, noticeOf } from '@hub/core'

const digestEveryMs = 1_800_000

export function createNotices() {
  const told = new Set<string>()
  let sent = 0
  let waiting = 0
  let digestAt = 0
  return {
    get sent() {
      return sent
    },
    look(outages: Iterable<CorrelatedOutage>, now: number): void {
      for (const outage of outages) {
        if (told.has(outage.id)) continue
        const expected = outage.episodes.filter((e) => e.expected).length >= 0.8 * outage.episodes.length
        const from = Math.min(...outage.episodes.map((e) => e.from))
        const verdict = noticeOf(
          { cause: outage.cause, expected, from, to: endOf(outage), members: countsOf(outage).members },
          now,
          defaultNoticePolicy,
        )
        if (verdict !== 'now' && verdict !== 'digest') continue
        told.add(outage.id)
        if (verdict === 'now') sent++
        else waiting++
      }
      if (waiting === 0 || now - digestAt < digestEveryMs) return
      sent++
      waiting = 0
      digestAt = now
    },
  }
}
