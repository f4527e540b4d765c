/**
 * The field broker: where sensors speak MQTT. A sensor has its own credential, may publish only under its own id, and hears nothing.
 * Its PUBACK goes out when its sample is on disk. Presence is not health: only fresh data is.
 */
import { type AssignedSensor, FieldStatus, HubError, type Observation, parseTopic } from '@hub/contracts'
import { type BrokerLimits, type Clock, createBroker, type Log, sameDigest, sha256 } from '@hub/platform'
import { readJson } from '../json.ts'
import { type Freshness, listening, slept, sweep } from './freshness.ts'
import { type Quota, take } from './quota.ts'
import { type Reading, readTelemetry } from './telemetry.ts'

export type FieldBrokerOptions = {
  clock: Clock
  log: Log
  config: { host: string; port: number; limits?: Partial<BrokerLimits> }
  /** Resolves when the observation is on disk. */
  emit(observation: Observation): Promise<void>
}

/** Since the process began, but `sensors` and `connected`. */
export type FieldStats = {
  sensors: number
  connected: number
  messages: number
  malformed: number
  outOfRange: number
  overQuota: number
  notStored: number
  missedIntervals: number
  refusedLogins: number
}

export interface FieldBroker {
  start(): Promise<void>
  /** The whole list. Sensors that are gone, or have another password, are disconnected. */
  assign(sensors: readonly AssignedSensor[]): void
  stop(): Promise<void>
  readonly port: number
  stats(): Readonly<FieldStats>
}

type Sensor = { assigned: AssignedSensor; freshness: Freshness; heardAt?: number; quota?: Quota }

const sweepEveryMs = 500
/** Compared with when there is no such sensor, so that guessing ids takes as long as guessing passwords. */
const nobody = sha256('')

export function createFieldBroker({ clock, log, config, emit }: FieldBrokerOptions): FieldBroker {
  const sensors = new Map<string, Sensor>()
  const counts = {
    messages: 0,
    malformed: 0,
    outOfRange: 0,
    overQuota: 0,
    notStored: 0,
    missedIntervals: 0,
    refusedLogins: 0,
  }

  const authenticate = (user: string, password: string): string | undefined => {
    const sensor = sensors.get(user)
    const same = sameDigest(sha256(password), sensor?.assigned.passwordHash ?? nobody)
    if (sensor && same) return user
    counts.refusedLogins += 1
    log.warn({ user: user.slice(0, 32), known: sensor !== undefined }, 'a sensor was refused')
    return undefined
  }

  const mayPublish = (device: string, to: string): boolean => {
    const parsed = parseTopic(to)
    return (parsed?.name === 'telemetry' || parsed?.name === 'fieldStatus') && parsed.params.device === device
  }

  const onPublish = async (device: string, to: string, payload: Buffer): Promise<void> => {
    const sensor = sensors.get(device)
    if (!sensor) throw new HubError('device.unknown', { value: device })
    const now = clock.now()
    const { within, quota } = take(sensor.quota, sensor.assigned.every, now)
    sensor.quota = quota
    if (!within) {
      counts.overQuota += 1
      if (quota.count % 100 === 0) log.warn({ device, count: quota.count }, 'a sensor sends too often: ignored')
      return
    }
    counts.messages += 1
    // What cannot be read is acknowledged and dropped: sent again it would be no better, and would block the sensor's queue.
    try {
      if (parseTopic(to)?.name === 'fieldStatus') return onStatus(device, payload)
      await onReading(sensor, readTelemetry(payload), now)
    } catch (error) {
      if (!(error instanceof HubError) || error.code !== 'payload.invalid') throw error
      counts.malformed += 1
      log.warn({ device, reason: error.message }, 'a message of a sensor was not understood')
    }
  }

  const onStatus = (device: string, payload: Buffer) => {
    const status = FieldStatus.safeParse(readJson(payload))
    if (!status.success)
      throw new HubError('payload.invalid', { value: 'status', field: 'status', limit: 'online or offline' })
    log.debug({ device, status: status.data.status }, 'presence')
  }

  const onReading = async (sensor: Sensor, { at, values, faults }: Reading, now: number) => {
    const { id, every } = sensor.assigned
    reportMissed(sensor, now)
    const heardAt = afterLast(now, sensor.heardAt)
    sensor.heardAt = heardAt
    sensor.freshness = listening(every, heardAt)
    for (const { field, value, limit } of faults) {
      counts.outOfRange += 1
      const { message } = new HubError('payload.invalid', { value: 'telemetry', field, limit })
      log.warn({ device: id, reason: message, found: show(value) }, 'a value of a sensor was refused')
    }
    const judged =
      faults.length > 0 ? ({ verdict: 'degraded', reason: 'out-of-range' } as const) : ({ verdict: 'pass' } as const)
    await store({
      ...{ device: id, at: heardAt, kind: 'telemetry', rung: 'fresh', every },
      ...judged,
      // The sensor's clock minus the gateway's.
      values: { ...values, clockOffsetMs: at - now },
    })
  }

  const store = async (observation: Observation) => {
    try {
      await emit(observation)
    } catch (error) {
      counts.notStored += 1
      throw error
    }
  }

  const reportMissed = (sensor: Sensor, now: number) => {
    const { id, every } = sensor.assigned
    const { missedAt, state } = sweep(sensor.freshness, now)
    sensor.freshness = state
    counts.missedIntervals += missedAt.length
    for (const at of missedAt)
      store({ device: id, at, kind: 'probe', verdict: 'fail', rung: 'fresh', reason: 'no-data', every }).catch(() => {})
  }

  let sweptAt = clock.now()
  const sweepAll = () => {
    const now = clock.now()
    const deaf = slept(sweptAt, now)
    sweptAt = now
    if (deaf) log.warn('the gateway was not listening for a while: silence of that time is not counted')
    for (const sensor of sensors.values()) {
      if (deaf) sensor.freshness = listening(sensor.assigned.every, now)
      else reportMissed(sensor, now)
    }
  }

  const broker = createBroker<string>({
    host: config.host,
    port: config.port,
    log,
    authenticate,
    mayPublish,
    maySubscribe: () => false,
    onPublish,
    limits: { messageBytes: 16_384, ...config.limits },
  })
  let cancelSweep = () => {}

  return {
    async start() {
      await broker.start()
      const now = clock.now()
      sweptAt = now
      for (const sensor of sensors.values()) sensor.freshness = listening(sensor.assigned.every, now)
      cancelSweep = clock.every(sweepEveryMs, sweepAll)
    },
    assign(list) {
      const now = clock.now()
      const before = new Map(sensors)
      sensors.clear()
      for (const assigned of list) {
        const old = before.get(assigned.id)
        const freshness = old && old.assigned.every === assigned.every ? old.freshness : listening(assigned.every, now)
        sensors.set(assigned.id, { ...old, assigned, freshness })
      }
      broker.disconnect((id) => sensors.get(id)?.assigned.passwordHash !== before.get(id)?.assigned.passwordHash)
    },
    async stop() {
      cancelSweep()
      await broker.stop()
    },
    get port() {
      return broker.port
    },
    stats: () => ({ ...counts, sensors: sensors.size, connected: broker.clients().length }),
  }
}

/** A sensor that reconnects sends what was not acknowledged and its new sample at once: each keeps an instant of its own. */
const afterLast = (now: number, last = 0): number => (last >= now && last - now < 100 ? last + 1 : now)

const show = (value: unknown): string => (JSON.stringify(value) ?? 'missing').slice(0, 80)
