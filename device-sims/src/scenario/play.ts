/** Plays a scenario: at once and without a socket, or beside a running fleet in (accelerated) real time. */
import { type Camera, createCamera } from '../camera/camera.ts'
import { profileNamed } from '../camera/profiles/index.ts'
import { type Clock, type ManualClock, manualClock } from '../clock.ts'
import { isMatched, type SimDevice } from '../faults/fault.ts'
import { createFaults, type Faults } from '../faults/faults.ts'
import { rebootBySchedule } from '../faults/reboots.ts'
import { createTruthLog } from '../faults/truth.ts'
import { generateFleet } from '../fleet/generate.ts'
import { hash } from '../random.ts'
import type { Scenario, Step } from './scenario.ts'

/** Orders every step at its time on `clock`, which stands at the scenario's start. */
export function scheduleSteps(scenario: Scenario, devices: readonly SimDevice[], faults: Faults, clock: Clock): void {
  for (const [n, step] of scenario.steps.entries()) {
    const chosen = choose(step, devices, `${scenario.fleet.seed}/${n}`)
    if (step.spread === 0) clock.after(step.at, () => faults.begin(step.order, chosen))
    else
      for (const device of chosen)
        clock.after(step.at + (hash(`${scenario.fleet.seed}/${n}/when/${device.id}`) % step.spread), () =>
          faults.begin(step.order, [device]),
        )
  }
}

/** The devices that a step meets, in the fleet's order. */
function choose({ order, count }: Step, devices: readonly SimDevice[], salt: string): readonly SimDevice[] {
  const matched = devices.filter((device) => isMatched(device, order.match))
  if (count === undefined || count >= matched.length) return matched
  const drawn = matched
    .map((device, n) => ({ device, n, lot: hash(`${salt}/${device.id}`) }))
    .sort((a, b) => a.lot - b.lot || a.n - b.n)
    .slice(0, count)
  return drawn.sort((a, b) => a.n - b.n).map(({ device }) => device)
}

/**
 * The ground truth of a scenario without playing it: the same bytes for the same file. `start` is used when the file says `now`;
 * `fleet` is the scenario's own, for whoever has it already.
 */
export function rehearse(scenario: Scenario, start = 0, fleet = generateFleet(scenario.fleet)): string {
  const devices = [...fleet.cameras, ...fleet.sensors]
  const clock = manualClock(scenario.start ?? start)
  const truth = createTruthLog()
  const faults = createFaults(devices, clock, truth, { begin() {}, end() {} })
  const rebooting = fleet.cameras.filter(({ profile }) => profileNamed(profile).reboots)
  const cameras = rebooting.map((spec): Camera => createCamera(spec, profileNamed(spec.profile), fleet.login))
  rebootBySchedule(cameras, faults, clock)
  scheduleSteps(scenario, devices, faults, clock)
  clock.moveTo(clock.now() + scenario.lasts)
  return truth.text()
}

const tickMs = 10

/**
 * Moves virtual time `speed` times as fast as real time until the scenario is over. Timers fire at their exact virtual instant, so the
 * ground truth is that of the rehearsal, byte for byte, however late the machine is. The answer stops it.
 */
export function drive(clock: ManualClock, lasts: number, speed: number, onOver: () => void): () => void {
  const from = clock.now()
  const began = performance.now()
  const timer = setInterval(() => {
    const at = Math.min(lasts, (performance.now() - began) * speed)
    clock.moveTo(from + Math.floor(at))
    if (at < lasts) return
    clearInterval(timer)
    onOver()
  }, tickMs)
  return () => clearInterval(timer)
}
