/**
 * When a camera is looked at next. Pure. Each camera has its own phase of the period, by a hash of its id, so that any
 * number of cameras spreads evenly and a restart brings no burst; after a first failure two looks follow quickly, so that
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

/** First looks a second when many cameras are assigned at once; a small fleet is seen sooner than one whole period. */
const firstLooksPerSecond = 200

/** @param fleet how many cameras are assigned together. */
export const firstLook = ({ every, phase }: Pace, now: number, fleet: number): number =>
  Math.ceil(now + (phase / every) * Math.min(every, (fleet / firstLooksPerSecond) * 1000))

export type Ended = {
  startedAt: number
  endedAt: number
  /** Looks in a row, this one included, that agree on something being wrong; 0 when all is well or nothing could be told. */
  wrong: number
  /** Looks in a row, this one included, that failed altogether. */
  dead: number
}

const confirmations = 2
const confirmGapMs = 3_500
/** Lets the camera close what the last look left. */
const breathMs = 200

export function nextLook(pace: Pace, { startedAt, endedAt, wrong, dead }: Ended): number {
  const stretch = dead < 20 ? 1 : dead < 60 ? 2 : 4
  const regular = onGrid(pace, Math.max(endedAt + 1, startedAt + (stretch - 0.5) * pace.every))
  if (wrong === 0 || wrong > confirmations) return regular
  const quick = Math.max(
    startedAt + Math.min(confirmGapMs, Math.floor(pace.every / 3)),
    endedAt + Math.min(breathMs, pace.every / 10),
  )
  return Math.min(regular, Math.ceil(quick))
}
