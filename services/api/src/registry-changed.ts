/** Tells everybody who keeps a copy of devices that the registry has changed. */
import { type RegistryChanged, topic } from '@hub/contracts'
import type { Bus, Clock, Log } from '@hub/platform'

export type TellRegistryChanged = (gateways: Iterable<string | null>) => void

/** The record holds the truth already: a message that is lost is made up for by the next one or by a periodic reading. */
export function createRegistryNotice(deps: { bus: Bus; clock: Clock; log: Log }): TellRegistryChanged {
  return (gateways) => {
    const touched = [...new Set(gateways)].filter((id) => id !== null)
    const message: RegistryChanged = { v: 1, at: deps.clock.now(), gateways: touched }
    deps.bus
      .publish(topic('registry'), JSON.stringify(message))
      .catch((err: unknown) => deps.log.warn({ err }, 'the change of the registry was not published'))
  }
}
