/**
 * What one gateway publishes of cameras that are healthy, that flap, or that are dead: probed as its scheduler has it, late by the ticks of
 * its timer, with answers and clocks as cameras have them. Seeded. No network: only what was said counts here.
 */
import type { DeviceId, Observation } from '@hub/contracts'
import { nextProbe, nominalPeriod, type Pace, paceOf } from '../../../gateway/src/probe/schedule.ts'

export const kinds = ['healthy', 'flapping', 'dead'] as const
export type Kind = (typeof kinds)[number]

export const everyMs = 30_000
const deadlineMs = 5_000
/** The scheduler's timer, and what else is under way. */
const tickMs = 25
/** One that flaps is there, and not there, for so long: from the first to the second. */
const upMs = [300_000, 1_800_000] as const
const downMs = [60_000, 300_000] as const

type Camera = {
  id: DeviceId
  pace: Pace
  dueAt: number
  wrong: number
  dead: number
  isUp: boolean
  turnAt: number
  offsetMs: number
}

export function createField(ids: readonly DeviceId[], kind: Kind, startAt: number, seed = 7) {
  const random = mulberry32(seed)
  const between = ([least, most]: readonly [number, number]) => least + random() * (most - least)
  const cameras = ids.map((id): Camera => {
    const pace = paceOf(id, everyMs)
    const turnAt = kind === 'flapping' ? startAt + between(upMs) : Number.POSITIVE_INFINITY
    return {
      id,
      pace,
      dueAt: startAt + pace.phase,
      wrong: 0,
      dead: 0,
      isUp: kind !== 'dead',
      turnAt,
      offsetMs: Math.round(random() * 4_000),
    }
  })

  function probe(camera: Camera): Observation & { endedAt: number } {
    const { id, pace } = camera
    const at = camera.dueAt + Math.floor(random() * tickMs)
    while (camera.turnAt <= at) {
      camera.isUp = !camera.isUp
      camera.turnAt += between(camera.isUp ? upMs : downMs)
    }
    const ms = camera.isUp ? Math.round(20 + random() * 60) : deadlineMs
    camera.wrong = camera.isUp ? 0 : camera.wrong + 1
    camera.dead = camera.wrong
    const { wrong, dead } = camera
    camera.dueAt = nextProbe(pace, { startedAt: at, endedAt: at + ms, wrong, dead })
    const every = nominalPeriod(pace, { wrong, dead }, deadlineMs)
    const common = { device: id, at, kind: 'probe', every, ms, endedAt: at + ms } as const
    return camera.isUp
      ? // A camera tells its time in whole seconds.
        {
          ...common,
          verdict: 'pass',
          rung: 'decodes',
          values: { clockOffsetMs: camera.offsetMs - Math.floor(random() * 1_000) },
        }
      : { ...common, verdict: 'fail', rung: 'reachable', reason: 'timeout' }
  }

  /** Observations that are there by `until`, in the order in which they came to be. */
  return (until: number): Observation[] => {
    const made = cameras.flatMap((camera) => {
      const own: (Observation & { endedAt: number })[] = []
      while (camera.dueAt < until) own.push(probe(camera))
      return own
    })
    // The key order is that of the contract, as a gateway writes it.
    return made
      .sort((a, b) => a.endedAt - b.endedAt)
      .map(({ device, at, kind, verdict, rung, reason, every, ms, values }) => ({
        device,
        at,
        kind,
        verdict,
        rung,
        ...(reason && { reason }),
        every,
        ms,
        ...(values && { values }),
      }))
  }
}

/** A small seeded generator; the quality of its randomness does not matter here. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
