/** An incident that is looked back at: the stretch of time, the steps of the slider, what lies around an instant. Pure. */
import type { Attachment, Incident, IncidentEntry } from '@hub/contracts'
import { minuteMs, secondMs } from '@hub/core'

export const speeds = ['1', '10', '60'] as const
export type Speed = (typeof speeds)[number]

/** From when it was taken in until the last thing that was done; a second at least. */
export function reviewSpan({ acceptedAt, log }: Pick<Incident, 'acceptedAt' | 'log'>): { from: number; to: number } {
  const last = Math.max(acceptedAt, ...log.map(({ at }) => at))
  return { from: acceptedAt, to: Math.max(last, acceptedAt + secondMs) }
}

export const within = ({ from, to }: { from: number; to: number }, at: number): number =>
  Math.min(to, Math.max(from, Math.round(at)))

/** Arrows a minute, page keys ten, home and end to the ends; undefined: another key. */
export function slide(key: string, at: number, { from, to }: { from: number; to: number }): number | undefined {
  const by: Record<string, number> = {
    ArrowLeft: -1,
    ArrowDown: -1,
    ArrowRight: 1,
    ArrowUp: 1,
    PageDown: -10,
    PageUp: 10,
  }
  const minutes = by[key]
  if (minutes !== undefined) return within({ from, to }, at + minutes * minuteMs)
  return key === 'Home' ? from : key === 'End' ? to : undefined
}

/** The last line that had been written; null: none. */
export const presentLine = (log: readonly IncidentEntry[], at: number): number | null =>
  log.findLast((entry) => entry.at <= at)?.seq ?? null

/** Pictures that there were by then, the latest first. */
export const picturesBy = (attachments: readonly Attachment[], at: number): Attachment[] =>
  attachments.filter((file) => file.type !== 'application/pdf' && file.at <= at).toSorted((a, b) => b.at - a.at)
