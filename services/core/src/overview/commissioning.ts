/** How far a rollout has come, how fast it goes and how long it will take: from the counts of `GET /commissioning` alone. */
import type { Commissioning } from '@hub/contracts'

/** In the order in which a device passes them. `searched`: addresses that the gateways' sweeps have asked. */
export const commissioningSteps = [
  'recorded',
  'searched',
  'found',
  'approved',
  'assigned',
  'identified',
  'probed',
  'online',
] as const
export type CommissioningStep = (typeof commissioningSteps)[number]

export type StepCount = { step: CommissioningStep; done: number; of: number }
export type StepPace = StepCount & {
  /** Over the window; 0 when nothing moved. */
  perSecond: number
  /** Null: it is done, or stands still. */
  leftMs: number | null
}

/** A rollout is over when so many of those on record are online: in a city of 20,000 a few are always out. */
const wholeShare = 0.999

/**
 * @param size devices that the record will have when it is whole; without it those that it has
 * @returns every step; `done` never exceeds `of` (what two gateways hear is counted by both)
 */
export function stepCounts(
  { cameras, sensors, gateways }: Commissioning,
  size: { cameras: number; sensors: number } = { cameras: cameras.recorded, sensors: sensors.recorded },
): StepCount[] {
  const all = size.cameras + size.sensors
  const both = (step: 'recorded' | 'approved' | 'probed' | 'online') => cameras[step] + sensors[step]
  const counts: Record<CommissioningStep, [done: number, of: number]> = {
    recorded: [both('recorded'), all],
    searched: [gateways.asked, gateways.toAsk],
    found: [gateways.found, size.cameras],
    approved: [both('approved'), all],
    assigned: [gateways.assigned, all],
    identified: [cameras.identified, size.cameras],
    probed: [both('probed'), all],
    online: [both('online'), all],
  }
  return commissioningSteps.map((step) => {
    const [done, of] = counts[step]
    return { step, done: Math.min(done, of), of }
  })
}

/** Counts that were read at a time, in ms of any one clock. */
export type CommissioningSample = { at: number; steps: readonly StepCount[] }

/**
 * Adds a sample and drops those that the window no longer needs: the oldest kept is the last at or before its begin.
 * @returns a new list, oldest first
 */
export function withSample(
  samples: readonly CommissioningSample[],
  next: CommissioningSample,
  windowMs: number,
): CommissioningSample[] {
  const all = [...samples, next]
  const first = all.findIndex((_, n) => n + 2 >= all.length || next.at - all[n + 1]!.at < windowMs)
  return all.slice(first)
}

/** The newest counts with what they gained since the oldest sample. A count that fell stands still. */
export function stepPaces(samples: readonly CommissioningSample[]): StepPace[] {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last) return []
  const spanMs = last.at - first.at
  return last.steps.map((count, n) => {
    const gained = spanMs > 0 ? Math.max(0, count.done - first.steps[n]!.done) : 0
    const perSecond = spanMs > 0 ? (gained * 1_000) / spanMs : 0
    const left = count.of - count.done
    return { ...count, perSecond, leftMs: perSecond > 0 && left > 0 ? (left * 1_000) / perSecond : null }
  })
}

/** Steps that a device passes once: they do not move when an outage ends or a gateway comes back. */
const once: readonly CommissioningStep[] = ['recorded', 'approved', 'identified', 'probed']

/** Less than this share of the record is not a rollout but one camera more. */
const newsShare = 0.001

/**
 * Whether a rollout goes on: not all that is on record is online, and in the window a step was taken by more than a camera here and
 * there. That devices come online alone says nothing: so does the end of an outage. What gateways find counts while some wait for a place.
 */
export function isRolloutUnderWay(samples: readonly CommissioningSample[]): boolean {
  const [before, now] = [samples[0]?.steps, samples.at(-1)?.steps]
  const of = (step: CommissioningStep) => now?.find((count) => count.step === step)
  const [online, approved] = [of('online'), of('approved')]
  if (!before || !now || !online || !approved || isWhole(online)) return false
  const moving = isWhole(approved) ? once : [...once, 'found']
  const least = Math.max(1, online.of * newsShare)
  return now.some(({ step, done }, n) => moving.includes(step) && done - before[n]!.done >= least)
}

/** All on record but a few are online. */
export function isCommissioned(sample: CommissioningSample | undefined): boolean {
  const online = sample?.steps.find(({ step }) => step === 'online')
  return online !== undefined && isWhole(online)
}

const isWhole = ({ done, of }: StepCount): boolean => done >= of * wholeShare

/** What to wait for: of the steps of a device that move and are not done the one that will be done last. Undefined: none moves. */
export function leadingStep(paces: readonly StepPace[]): StepPace | undefined {
  const moving = paces.filter(({ step, leftMs }) => leftMs !== null && step !== 'searched')
  return moving.toSorted((a, b) => b.leftMs! - a.leftMs!)[0]
}
