/** When a device is due, by its stage and dates; and what of a change of them reaches back. */
import type { DeviceRecord } from '@hub/contracts'
import { dateStart, dayOf } from '../common/time/city.ts'
import type { Span } from '../common/time/span.ts'

/** Half-open; null `from`: never yet, null `to`: no end. */
export type DueSpan = { from: number | null; to: number | null }
type Dated = Pick<DeviceRecord, 'stage' | 'inServiceAt' | 'retiredAt'>

/**
 * When a device becomes due, and when it ceases: from its dates when the record has them, otherwise from the change itself. A date that is
 * not new says nothing anew; one of the running day holds from the change on.
 * @param old what is on record; undefined for a new device, whose dates are taken as they are: nothing has been measured of it
 */
export function dueSpan(record: Dated, old: (DueSpan & { record: Dated }) | undefined, now: number): DueSpan {
  const entered = record.stage === 'in-service' || record.stage === 'retired'
  const dated = (date: string | undefined, was: { date: string | undefined; at: number | null } | undefined) => {
    if (date === undefined) return was?.at ?? now
    if (!was) return dateStart(date)
    if (was.at !== null && (date === was.date || date === dayOf(was.at))) return was.at
    return date === dayOf(now) ? now : dateStart(date)
  }
  const was = (date: string | undefined, at: number | null) => ({ date, at })
  return {
    from: entered ? dated(record.inServiceAt, old && was(old.record.inServiceAt, old.from)) : null,
    to: record.stage === 'retired' ? dated(record.retiredAt, old && was(old.record.retiredAt, old.to)) : null,
  }
}

export type BackdatedDue = { from: number; to: number; due: boolean }

/** What a change of the due time says of the time before now; nothing for a plain one. Ascending, apart. */
export function backdatedDue(old: DueSpan, next: DueSpan, now: number): BackdatedDue[] {
  const [was, is] = [past(old, now), past(next, now)]
  const without = (a: Span, b: Span): Span[] =>
    a.to <= b.from || a.from >= b.to
      ? [a]
      : [
          { from: a.from, to: b.from },
          { from: b.to, to: a.to },
        ]
  return [
    ...without(was, is).map((span) => ({ ...span, due: false })),
    ...without(is, was).map((span) => ({ ...span, due: true })),
  ]
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from)
}

/** Empty, at now, where nothing of it is past. */
function past({ from, to }: DueSpan, now: number): Span {
  const span = { from: Math.min(from ?? now, now), to: Math.min(to ?? now, now) }
  return span.from < span.to ? span : { from: now, to: now }
}
