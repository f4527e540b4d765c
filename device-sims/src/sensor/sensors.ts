/** All sensors of a fleet: each at the broker of its district. */
import type { Clock } from '../clock.ts'
import type { Acted } from '../faults/acts.ts'
import type { SimDevice } from '../faults/fault.ts'
import type { Effects } from '../faults/faults.ts'
import type { FleetSensor } from '../fleet/types.ts'
import { createSensor, type Sensor } from './sensor.ts'

export type FieldBroker = { host: string; port: number; districts: readonly string[] }

export type Sensors = Effects & {
  /** How many have a broker and a password. */
  active: number
  connected(): number
  /** Resolves when each has connected once. */
  ready: Promise<void>
  stop(): Promise<void>
}

const defaultPeriodMs = 10_000

export function startSensors(
  specs: readonly FleetSensor[],
  brokers: readonly FieldBroker[],
  secrets: Readonly<Record<string, string>>,
  periodMs = defaultPeriodMs,
  clock: Clock,
  acted: Acted = () => {},
): Sensors {
  const sensors = new Map<string, Sensor>()
  const firstConnects: Promise<void>[] = []
  for (const spec of specs) {
    const broker = brokers.find((b) => b.districts.includes(spec.district))
    const password = secrets[spec.id]
    if (!broker || password === undefined) continue
    firstConnects.push(
      new Promise((onConnect) => {
        sensors.set(spec.id, createSensor({ spec, broker, password, periodMs, clock, onConnect, acted }))
      }),
    )
  }
  const of = ({ id }: SimDevice): Sensor | undefined => sensors.get(id)
  return {
    active: sensors.size,
    connected: () => [...sensors.values()].filter((sensor) => sensor.connected()).length,
    ready: Promise.all(firstConnects).then(() => {}),
    begin: (device, fault, value) => of(device)?.begin(fault, value),
    end: (device, fault) => of(device)?.end(fault),
    stop: () => Promise.all([...sensors.values()].map((sensor) => sensor.stop())).then(() => {}),
  }
}
