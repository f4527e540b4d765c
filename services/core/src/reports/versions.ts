/** The life of a scorecard: draft → reviewed → locked, and what a later version changed. */
import type { Scorecard } from '@hub/contracts'
import { canonicalJson } from './canonical.ts'

type Status = Scorecard['status']
export type Step = 'review' | 'reopen' | 'lock'

/** Locked is final: a correction after it is a new version. */
const steps: Record<Status, Partial<Record<Step, Status>>> = {
  draft: { review: 'reviewed' },
  reviewed: { reopen: 'draft', lock: 'locked' },
  locked: {},
}

/** Where a step leads; if nowhere, which steps are legal. */
export function stepOf(status: Status, step: Step): { ok: true; status: Status } | { ok: false; legal: Step[] } {
  const next = steps[status][step]
  return next ? { ok: true, status: next } : { ok: false, legal: Object.keys(steps[status]) as Step[] }
}

/** The text whose SHA-256 is the hash of a card: all of it but the hash. */
export function sealedText(card: Scorecard): string {
  const { hash: _, ...rest } = card
  return canonicalJson(rest)
}

type Difference = Scorecard['differences'][number]

/** Whether a field of these is a share, and printed as a rate. */
export const isRateField = (field: string): boolean =>
  ['value', 'full', 'zero', 'coverage'].includes(field.slice(field.lastIndexOf('.') + 1))

/**
 * What is another figure, basis or rule now: `score`, `lines.online.value`, `totals.up`, `policy.items.online.weight` …, in the order of the card.
 * Who made, reviewed and locked it, and when, is no difference.
 */
export function differences(was: Scorecard, now: Scorecard): Difference[] {
  // A card that was made before a score needed coverage says nothing of it.
  const asked = was.coverage !== undefined && now.coverage !== undefined
  const [before, after] = [figuresOf(was, asked), figuresOf(now, asked)]
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((field): Difference[] => {
    const pair = { was: before.get(field) ?? null, now: after.get(field) ?? null }
    return pair.was === pair.now ? [] : [{ field, ...pair }]
  })
}

function figuresOf(
  { score, pay, coverage, devices, totals, lines, policy }: Scorecard,
  withCoverage: boolean,
): Map<string, string | number | null> {
  // The text says what the value says, and cards from before have none.
  const byItem = Object.fromEntries(lines.map(({ item, rateText: _, ...line }) => [item, line]))
  const figures = new Map<string, string | number | null>()
  const add = (field: string, value: unknown) => {
    if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) add(field ? `${field}.${name}` : name, inner)
    else figures.set(field, value as string | number | null)
  }
  add('', { score, pay, devices, totals, lines: byItem, policy })
  if (withCoverage) add('policy.coverage', coverage!.least)
  return figures
}
