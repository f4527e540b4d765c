/**
 * The table of kinds, and the scenarios of each. Two of three are open to those who work on the correlation; every third is kept aside.
 */
import * as fleet from './kinds-fleet.ts'
import * as network from './kinds-network.ts'
import * as power from './kinds-power.ts'
import * as record from './kinds-record.ts'
import { Stage } from './stage.ts'
import type { Scenario } from './types.ts'

export const kinds: Record<string, (stage: Stage) => void> = {
  'no-parent': record.noParent,
  'no-parent-again': record.noParentAgain,
  duct: network.duct,
  'recorder-no-stream': record.recorderNoStream,
  'login-refused': record.loginRefused,
  'line-flaps': network.lineFlaps,
  'gateway-overload': network.gatewayOverload,
  'reboot-model': fleet.rebootModel,
  'rolling-firmware': fleet.rollingFirmware,
  'storm-poles': power.stormPoles,
  substation: power.substation,
  reroute: network.reroute,
  outlives: power.outlives,
  overlap: network.overlap,
  'early-bird': network.earlyBird,
  'late-third': network.lateThird,
  'unknown-feeder': power.unknownFeeder,
  'wrong-parents': record.wrongParents,
  'missing-parents': record.missingParents,
  overrun: power.overrun,
  'clock-skew': network.clockSkew,
  'recorder-restart': network.recorderRestart,
  'late-data': network.lateData,
  coincidence: fleet.coincidence,
  'two-apart': fleet.twoApart,
  'planned-cut': power.plannedCut,
  storm: power.storm,
  plain: fleet.plain,
}

export const sets = ['open', 'aside', 'all'] as const
export type Set = (typeof sets)[number]

const sizes = [2_000, 4_000, 2_500, 8_000, 3_000, 20_000]
export const seedsOfEach = sizes.length
const isAside = (seed: number): boolean => seed % 3 === 0

export function* corpus({ set = 'all' as Set, kind = '', sample = seedsOfEach }): Generator<Scenario> {
  for (const [n, [name, play]] of Object.entries(kinds).entries()) {
    if (kind && kind !== name) continue
    let taken = 0
    for (let seed = 1; seed <= seedsOfEach && taken < sample; seed++) {
      if (set !== 'all' && isAside(seed) !== (set === 'aside')) continue
      taken++
      // Sizes go round, so that the set kept aside has them all.
      const stage = new Stage(15_000 + n * 100 + seed, sizes[(seed + n) % sizes.length]!)
      play(stage)
      yield stage.finish(name, seed)
    }
  }
}
