/** The two ways in which gateways reach the hub: every end-to-end promise is held on both. */
import { describeWith } from '../../support/need.ts'

/** `mosquitto`: the bus is a process of its own, and the hub runs as ingest with gateways, and API apart. */
export const busModes = ['embedded', 'mosquitto'] as const
export type BusMode = (typeof busModes)[number]

/** @param modes fewer than both where a test takes minutes, and a test of the same promises has the other bus */
export function describeOnEachBus(
  title: string,
  run: (bus: BusMode) => void,
  modes: readonly BusMode[] = busModes,
): void {
  for (const bus of modes)
    describeWith(`${title} with the bus ${bus}`, bus === 'mosquitto' ? ['mosquitto'] : [], () => run(bus))
}
