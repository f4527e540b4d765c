/** What a new city needs once: the camera record imported, and a password for each sensor. */
import { readFileSync } from 'node:fs'
import type { DevicePage, SensorSecrets } from '@hub/contracts'
import { type GatewayPlan, writePrivate } from './files.ts'
import type { HubClient } from './hub-client.ts'

/** Imports `record` (CSV) and writes the issued passwords to `secrets`, as the simulators read them. */
export async function commission(hub: HubClient, files: { record: string; secrets: string }): Promise<void> {
  await hub.post('/registry.csv', readFileSync(files.record, 'utf8'), 'text/csv')
  const { devices } = await hub.get<DevicePage>('/devices?kind=sensor')
  const ids = devices.map((device) => device.id)
  const issued =
    ids.length === 0
      ? []
      : (await hub.post<SensorSecrets>('/sensor-credentials', JSON.stringify({ devices: ids }))).secrets
  writePrivate(
    files.secrets,
    JSON.stringify(Object.fromEntries(issued.map(({ device, password }) => [device, password]))),
  )
}

/** Arguments of the simulators' `serve` that tell sensors their brokers. */
export const fieldArguments = (gateways: readonly GatewayPlan[]): string[] =>
  gateways.flatMap(({ fieldPort, districts }) => ['--field', `mqtt://127.0.0.1:${fieldPort}=${districts.join(',')}`])
