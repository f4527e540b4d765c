/** What faults do to a camera. */
import type { Camera } from '../camera/camera.ts'
import type { FaultName, FaultValue, SimDevice } from './fault.ts'
import type { Effects } from './faults.ts'

const dripMs = 100

/** `reset` breaks what a camera has open; `restarted` tells who has another address after a boot; `hello` announces it after a boot; `changed` follows every change of its power and network. */
export function cameraEffects(
  cameras: readonly Camera[],
  login: { password: string },
  act: {
    reset(camera: Camera): void
    restarted(camera: Camera): readonly Camera[]
    hello(camera: Camera): void
    changed(camera: Camera): void
  },
): Effects {
  const byId = new Map(cameras.map((camera) => [camera.spec.id, camera]))
  const of = ({ id }: SimDevice): Camera => byId.get(id)!

  const set: Record<FaultName, (camera: Camera, value: FaultValue | undefined) => void> = {
    'power-off': (camera) => {
      camera.powered = false
      act.changed(camera)
      // Subscriptions are kept in memory alone.
      if (camera.events) camera.events.points = []
      act.reset(camera)
    },
    'network-cut': (camera) => {
      camera.connected = false
      act.changed(camera)
    },
    clock: (camera, value) => {
      camera.clockOffsetMs = camera.profile.clockOffsetMs + Number(value) * 1_000
    },
    password: (camera, value) => {
      camera.password = String(value)
    },
    slow: (camera, value) => {
      camera.slow = value === 'drip' ? { dripMs } : { delayMs: Number(value) }
    },
    frozen: (camera) => {
      camera.frozen = true
    },
    babbling: () => {},
    malformed: () => {},
  }
  const lift: Record<FaultName, (camera: Camera) => void> = {
    'power-off': (camera) => {
      camera.powered = true
      camera.starts++
      act.changed(camera)
      delete camera.ptz
      const moved = act.restarted(camera)
      for (const each of moved.length > 0 ? moved : [camera]) act.hello(each)
    },
    'network-cut': (camera) => {
      camera.connected = true
      act.changed(camera)
    },
    clock: (camera) => {
      camera.clockOffsetMs = camera.profile.clockOffsetMs
    },
    password: (camera) => {
      camera.password = login.password
    },
    slow: (camera) => {
      camera.slow = camera.profile.delayMs > 0 ? { delayMs: camera.profile.delayMs } : undefined
    },
    frozen: (camera) => {
      camera.frozen = false
    },
    babbling: () => {},
    malformed: () => {},
  }
  return {
    begin: (device, fault, value) => set[fault](of(device), value),
    end: (device, fault) => lift[fault](of(device)),
  }
}
