/**
 * What a rule must do, second by second and from everything that came before: no memory is carried on, so that it shares nothing with the
 * rule itself. Slow, and easy to believe.
 */

export type Reading = { second: number; value: number }
export type OracleRule = {
  compare: 'above' | 'below'
  threshold: number
  hold: number
  hysteresis: number
  rest: number
  /** Whether it may act in that second. */
  open(second: number): boolean
}

/** Seconds in which it fires. */
export function firings(rule: OracleRule, readings: readonly Reading[]): number[] {
  const fired: number[] = []
  const last = readings.at(-1)?.second ?? -1
  const at = (second: number) => readings.findLast((reading) => reading.second === second)
  /** As it stands in that second: the last reading until then. */
  const standing = (second: number) => readings.findLast((reading) => reading.second <= second)
  const isBeyond = (value: number) => (rule.compare === 'above' ? value > rule.threshold : value < rule.threshold)
  const isBack = (value: number) =>
    rule.compare === 'above' ? value <= rule.threshold - rule.hysteresis : value >= rule.threshold + rule.hysteresis
  for (let second = 0; second <= last; second++) {
    const now = at(second)
    if (!now || !isBeyond(now.value)) continue
    let beyondFor = 0
    for (let before = second - 1; before >= 0; before--) {
      const value = standing(before)?.value
      if (value === undefined || !isBeyond(value)) break
      beyondFor++
    }
    if (beyondFor < rule.hold || !rule.open(second)) continue
    const latest = fired.at(-1)
    if (latest !== undefined) {
      if (second < latest + rule.rest) continue
      const hasComeBack = readings.some(
        (reading) => reading.second > latest && reading.second <= second && isBack(reading.value),
      )
      if (!hasComeBack) continue
    }
    fired.push(second)
  }
  return fired
}

/** Whether a window of the city's day is open, from a calendar that is written out: day by day, minute by minute. */
export function isOpen(schedule: { days?: readonly number[]; from: string; to: string }, utc: number): boolean {
  const wall = new Date(utc + 8 * 3_600_000)
  for (const back of [0, 1]) {
    const day = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate() - back))
    const weekday = day.getUTCDay() === 0 ? 7 : day.getUTCDay()
    if (schedule.days && !schedule.days.includes(weekday)) continue
    const [fromHour, fromMinute] = schedule.from.split(':').map(Number) as [number, number]
    const [toHour, toMinute] = schedule.to.split(':').map(Number) as [number, number]
    const begins = new Date(day)
    begins.setUTCHours(fromHour, fromMinute)
    const ends = new Date(day)
    ends.setUTCHours(toHour, toMinute)
    if (ends <= begins) ends.setUTCDate(ends.getUTCDate() + 1)
    if (wall >= begins && wall < ends) return true
  }
  return false
}
