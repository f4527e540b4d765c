/** The two ways in which gateways reach the hub: every end-to-end promise is held on both. */
import { spawnSync } from 'node:child_process'
import { describe } from 'vitest'

/** `mosquitto`: the bus is a process of its own, and the hub runs as ingest with gateways, and API apart. */
export const busModes = ['embedded', 'mosquitto'] as const
export type BusMode = (typeof busModes)[number]

const hasMosquitto = spawnSync('mosquitto_passwd', ['--help']).error === undefined
if (!hasMosquitto)
  console.warn('SKIPPED: cities with the bus mosquitto: it is not installed (apt-get install mosquitto)')

export function describeOnEachBus(title: string, run: (bus: BusMode) => void): void {
  for (const bus of busModes)
    describe.skipIf(bus === 'mosquitto' && !hasMosquitto)(`${title} with the bus ${bus}`, () => run(bus))
}
