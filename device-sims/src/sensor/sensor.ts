/** One MQTT sensor: presence on `status`, values on `telemetry`, each under its own credential. */
import { type FieldStatus, type Measure, type Telemetry, topic } from '@hub/contracts'
import { MqttClient } from 'mqtt'
import type { Clock } from '../clock.ts'
import type { Acted } from '../faults/acts.ts'
import type { FaultName, FaultValue } from '../faults/fault.ts'
import type { FleetSensor } from '../fleet/types.ts'
import { hash } from '../random.ts'
import { createActuator, isActuator } from './actuator.ts'
import { Cable } from './cable.ts'
import { valueAt } from './curves.ts'
import './packet-lengths.ts'

export type SensorOptions = {
  spec: FleetSensor
  broker: { host: string; port: number }
  password: string
  periodMs: number
  clock: Clock
  /** Shortest time between two tries to connect; each sensor adds up to half of it. */
  reconnectMs?: number
  onConnect(): void
  /** Hears what it does, where it is one that acts. */
  acted?: Acted
}

export type Sensor = {
  connected(): boolean
  begin(fault: FaultName, value: FaultValue | undefined): void
  end(fault: FaultName): void
  /** Says goodbye. */
  stop(): Promise<void>
}

const status = (value: FieldStatus['status']): string => JSON.stringify({ status: value } satisfies FieldStatus)
/** One for all sensors: a small buffer pins the slab of 64 KiB that it was cut from as long as its client lives. */
const lastWill = Buffer.from(status('offline'))
const keepaliveSeconds = 15

/** As a firmware does that prints what C calls a number: the first value is none, the others stand. No JSON. */
export function garbled({ at, values }: Telemetry): string {
  const [first = 'pm25', ...others] = Object.entries(values).map(([name, value]) => `"${name}":${value}`)
  return `{"at":${at},"fw":"1.0.3","values":{${[first.replace(/[^:]*$/, 'NaN'), ...others].join(',')}}}`
}

export function createSensor(options: SensorOptions): Sensor {
  const { spec, broker, password, periodMs, clock, onConnect, reconnectMs = 2_000, acted = () => {} } = options
  const faults = new Map<FaultName, FaultValue | undefined>()
  const statusTopic = topic('fieldStatus', { device: spec.id })
  const actuator = isActuator(spec) ? createActuator(spec.id, clock, acted) : undefined
  const telemetryTopic = topic('telemetry', { device: spec.id })
  /** Sensors of a fleet report at different moments of the period, always the same. */
  const phase = hash(spec.id) % periodMs
  let frozenAt = 0
  let cable: Cable | undefined
  let cancel = (): void => {}
  let client = open()

  function open(): MqttClient {
    const made = new MqttClient(
      () => {
        cable = new Cable(broker.host, broker.port, () => faults.has('network-cut'))
        return cable
      },
      {
        protocol: 'mqtt',
        clientId: spec.id,
        username: spec.id,
        password: String(faults.get('password') ?? password),
        keepalive: keepaliveSeconds,
        reconnectPeriod: reconnectMs + (hash(spec.id) % (reconnectMs / 2)),
        connectTimeout: 5_000,
        // A sensor that its gateway does not know yet goes on trying, as one in the field does.
        reconnectOnConnackError: true,
        will: { topic: statusTopic, payload: lastWill, qos: 1, retain: false },
      },
    )
    made.on('error', () => {})
    made.on('message', (_topic, payload) => {
      const answer = actuator?.take(payload)
      if (answer) made.publish(topic('fieldReply', { device: spec.id }), answer, { qos: 1 })
    })
    made.on('connect', () => {
      made.publish(statusTopic, status('online'), { qos: 1 })
      if (actuator) made.subscribe(topic('fieldCommand', { device: spec.id }), { qos: 1 }, () => {})
      report()
      onConnect()
    })
    return made
  }

  function report(): void {
    cancel()
    const now = clock.now()
    const every = periodMs / Number(faults.get('babbling') ?? 1)
    cancel = clock.after(every - ((now - phase) % every), report)
    if (!client.connected) return
    const late = Number(faults.get('slow') === 'drip' ? 3_000 : (faults.get('slow') ?? 0))
    const payload = faults.has('malformed') ? garbled(read(now)) : JSON.stringify(read(now))
    const send = (): void => void (client.connected && client.publish(telemetryTopic, payload, { qos: 1 }))
    if (late > 0) clock.after(late, send)
    else send()
  }

  function read(now: number): Telemetry {
    const at = faults.has('frozen') ? frozenAt : now
    const values: Partial<Record<Measure, number>> = {}
    for (const measure of spec.measures) values[measure] = valueAt(measure, spec.id, at)
    return { at: Math.max(0, now + Math.round(Number(faults.get('clock') ?? 0) * 1_000)), values } as Telemetry
  }

  /** Without DISCONNECT: the broker publishes the will. */
  const vanish = (): void => {
    client.end(true)
    cable?.sever()
  }

  return {
    connected: () => client.connected,
    begin(fault, value) {
      faults.set(fault, value)
      if (fault === 'frozen') frozenAt = clock.now()
      if (fault === 'babbling') report()
      if (fault === 'power-off') vanish()
      if (fault === 'password' && !faults.has('power-off')) {
        vanish()
        client = open()
      }
    },
    end(fault) {
      faults.delete(fault)
      if (fault === 'network-cut') cable?.sever()
      if ((fault === 'power-off' || fault === 'password') && !faults.has('power-off')) {
        vanish()
        client = open()
      }
    },
    async stop() {
      cancel()
      if (client.connected && !faults.has('network-cut')) {
        await client.publishAsync(statusTopic, status('offline'), { qos: 1 }).catch(() => {})
        await client.endAsync()
      } else vanish()
    },
  }
}
