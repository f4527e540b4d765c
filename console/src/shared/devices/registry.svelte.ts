/** All devices that the viewer may see, read once and again when the registry changes; states come from the stream. */
import type { DevicePage, DeviceRow, DeviceState } from '@hub/contracts'
import { Resource } from '../../api/resource.svelte.ts'
import { liveStateOf, liveVersion, onLive } from '../../live/live.svelte.ts'
import { pauseAfter } from './pace.ts'

export const devicePage = new Resource<DevicePage>(() => '/devices')

/** Returns the stop. */
export function keepDevices(): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  let tookMs = 0
  const read = async () => {
    const began = performance.now()
    await devicePage.load()
    tookMs = performance.now() - began
  }
  const stop = onLive((event) => {
    if (event !== 'registry') return
    timer ??= setTimeout(() => {
      timer = null
      void read()
    }, pauseAfter(tookMs))
  })
  void read()
  return () => {
    stop()
    if (timer) clearTimeout(timer)
    devicePage.clear()
  }
}

const byId = $derived(new Map(devicePage.data?.devices.map((device) => [device.id, device])))

export const allDevices = (): readonly DeviceRow[] => devicePage.data?.devices ?? []
export const deviceById = (id: string): DeviceRow | undefined => byId.get(id)

/** The state now. Only a device in service is judged by the stream; another keeps what the registry says. */
export function stateNow(device: DeviceRow): DeviceState {
  liveVersion()
  return liveStateOf(device.id)?.state ?? device.state
}

export function sinceNow(device: DeviceRow): number | null {
  liveVersion()
  const live = liveStateOf(device.id)
  return live ? live.since : device.since
}
