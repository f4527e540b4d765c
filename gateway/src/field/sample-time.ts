/**
 * When a sample was taken. A sensor that was cut off sends what it has kept, so the time of arrival is not that of the sample; and a
 * sensor's clock may be wrong, so its own time is not that of the sample either. Nothing arrives before it was taken, so the
 * sample that came quickest tells the clock; what comes later by that clock is a backlog, and a backlog is no clock error. Pure.
 *
 * A clock that is behind looks like a backlog at first. It is told by its constancy: a backlog is sent faster than it was made, or at least
 * not for long at exactly the pace of the clock. Until then the sensor's word holds.
 */

/** `offset`: the sensor's clock minus ours, ms; 0 while it is right or not known. `late`: samples come late, as they do since then. */
export type SensorClock = {
  offset: number
  late: { since: number; lead: number; samples: number } | null
}
export const unknownClock: SensorClock = { offset: 0, late: null }

export type SampleTime = {
  /** UTC ms of ours. */
  at: number
  /** It was taken some time before it came: it says nothing of now. */
  late: boolean
  /** The sensor's clock minus ours, as far as this sample tells. */
  offset?: number
  clock: SensorClock
}

/** Further ahead of ours than this a clock is wrong: the centre takes nothing of the future. */
const aheadMs = 5_000
/** A sample that is older was not kept by the sensor: its clock is wrong. The centre keeps raw data of seven days by default. */
const backlogMs = 6 * 86_400_000
/** What the way and half an interval may take. */
const slackOf = (every: number): number => Math.min(aheadMs, every / 2)
/** So long, and so many, samples come equally late before it is the clock. */
const constantMs = (every: number): number => Math.max(3 * every, 10_000)
const constantSamples = 3

/** @param at by the sensor's clock */
export function sampleTime(clock: SensorClock, at: number, now: number, every: number): SampleTime {
  const lead = at - now
  const slack = slackOf(every)
  if (lead >= -slack && lead <= aheadMs) return { at, late: false, offset: lead, clock: { offset: 0, late: null } }
  if (lead < -backlogMs) return wrongClock(lead, now)
  // By the clock as it was: how much earlier than now the sample was taken is what it is late.
  const late = clock.offset - lead
  if (clock.offset !== 0 && Math.abs(late) <= slack) return wrongClock(lead, now)
  if (late > backlogMs || (late < -slack && lead > 0)) return wrongClock(lead, now)
  const was = clock.late
  const isConstant = was !== null && Math.abs(lead - was.lead) <= slack
  const next = isConstant ? { ...was, samples: was.samples + 1 } : { since: now, lead, samples: 1 }
  if (next.samples > constantSamples && now - next.since >= constantMs(every)) return wrongClock(lead, now)
  // Later than before by a clock that has been set back, or sooner by one that has been put right: then its word holds.
  const offset = late > slack ? clock.offset : 0
  return { at: at - offset, late: true, clock: { offset, late: next } }
}

const wrongClock = (lead: number, now: number): SampleTime => ({
  at: now,
  late: false,
  offset: lead,
  clock: { offset: lead, late: null },
})

/** What was read last: a clock that gives two samples one time, though they differ, stands still. */
type Sample = { at: number | null; values: Readonly<Record<string, number>> }
export const standsStill = (last: Sample | undefined, { at, values }: Sample): boolean =>
  at !== null &&
  last?.at === at &&
  Object.keys(values).some((name) => last.values[name] !== undefined && last.values[name] !== values[name])

/** A sample that tells no time, or tells it wrongly: it is of when it came. */
export const sampleOfNow = (at: number | null, now: number, clock: SensorClock): SampleTime =>
  at === null ? { at: now, late: false, clock } : wrongClock(at - now, now)
