/** Cameras whose make reboots by itself: power cuts in the ground truth like any other. */
import type { Camera } from '../camera/camera.ts'
import type { Clock } from '../clock.ts'
import { hash } from '../random.ts'
import type { Faults } from './faults.ts'

/** Each at its own moment of the period, the same in every run. */
export function rebootBySchedule(cameras: readonly Camera[], faults: Faults, clock: Clock): { stop(): void } {
  const cancels = new Map<Camera, () => void>()
  for (const camera of cameras) {
    const { reboots } = camera.profile
    if (!reboots) continue
    const wait = (ms: number): void => {
      cancels.set(
        camera,
        clock.after(ms, () => {
          faults.begin({ match: { id: camera.spec.id }, fault: 'power-off', forMs: reboots.forMs })
          wait(reboots.everyMs)
        }),
      )
    }
    wait(hash(camera.spec.id) % reboots.everyMs)
  }
  return {
    stop() {
      for (const cancel of cancels.values()) cancel()
    },
  }
}
