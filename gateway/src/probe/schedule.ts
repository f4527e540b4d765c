/**
 * When a camera is probed next. Pure. Each camera has its own phase of the period, by a hash of its id, so that any
 * number of cameras spreads evenly and a restart brings no burst; after a first failure two probes follow quickly, so that
 * it is confirmed or dropped within ten seconds; a camera that is long dead is asked less often.
 */

/** Milliseconds. */
export type Pace = { every: number; phase: number }

/** FNV-1a over the id, finished so that ids that differ in their last digit lie far apart. */
function hash(id: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < id.length; i++) h = Math.imul(h ^ id.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** A fraction from 0 to 1 that the id alone decides. */
export const spread = (id: string): number => hash(id) / 2 ** 32

export const paceOf = (id: string, every: number): Pace => ({ every, phase: Math.floor(spread(id) * every) })

/** The first instant of the camera's grid that is not before `from`. */
export const onGrid = ({ every, phase }: Pace, from: number): number =>
  phase + Math.ceil((from - phase) / every) * every

/** First probes a second when many cameras are assigned at once; a small fleet is seen sooner than one whole period. */
const firstProbesPerSecond = 200

/**
 * When cameras that were assigned now are probed first. A fleet comes in parts: each part follows on those that are still to be probed,
 * so that many parts are no burst; what would not come within a period comes at its own phase of one.
 */
export class FirstProbes {
  #until = 0

  /** @param fleet how many cameras are assigned together. @returns the time of each by its pace */
  of(fleet: number, now: number): (pace: Pace) => number {
    const from = Math.max(now, this.#until)
    const width = (fleet / firstProbesPerSecond) * 1000
    this.#until = from + width
    const end = from + width - now
    return ({ every, phase }) => Math.ceil(end <= every ? from + (phase / every) * width : now + phase)
  }
}

export type Ended = {
  startedAt: number
  endedAt: number
  /** Probes in a row, this one included, that agree on something being wrong; 0 when all is well or nothing is known. */
  wrong: number
  /** Probes in a row, this one included, that failed altogether. */
  dead: number
}

const confirmations = 2
const confirmGapMs = 3_500
/** Lets the camera close what the last probe left. */
const breathMs = 200

/** Periods from one probe to the next of a camera that has been dead for so many probes. */
const stretchOf = (dead: number): number => (dead < 20 ? 1 : dead < 60 ? 2 : 4)

/** So many probes follow quickly on a first failure. */
const isConfirming = (wrong: number): boolean => wrong > 0 && wrong <= confirmations

/** The gap that is meant between a failure and the probe that confirms it; a probe that takes longer moves it. */
const confirmGapOf = ({ every }: Pace): number => Math.min(confirmGapMs, Math.floor(every / 3))

/**
 * The period that a probe publishes: what is meant, not what a busy moment made of it, so that the probes of a camera that nothing happens
 * to all say the same. @param deadlineMs of one probe: the next may take as long before its result is there
 */
export function nominalPeriod(pace: Pace, { wrong, dead }: Pick<Ended, 'wrong' | 'dead'>, deadlineMs: number): number {
  const period = isConfirming(wrong)
    ? Math.min(pace.every, Math.max(confirmGapOf(pace), deadlineMs))
    : stretchOf(dead) * pace.every
  return Math.max(period, Math.ceil(deadlineMs / 2), 100)
}

export function nextProbe(pace: Pace, { startedAt, endedAt, wrong, dead }: Ended): number {
  const stretch = stretchOf(dead)
  const regular = onGrid(pace, Math.max(endedAt + 1, startedAt + (stretch - 0.5) * pace.every))
  if (!isConfirming(wrong)) return regular
  const quick = Math.max(startedAt + confirmGapOf(pace), endedAt + Math.min(breathMs, pace.every / 10))
  return Math.min(regular, Math.ceil(quick))
}
