/**
 * The field broker: where sensors speak MQTT. A sensor has its own credential, may publish only under its own id, and hears nothing but what it
 * is asked to do, where it is one that acts.
 * Its PUBACK goes out when its sample is on disk, so what it is acknowledged is stored, and one that sends too fast is slowed by it.
 * Presence is not health: only fresh data is.
 */
import {
  type AssignedSensor,
  HubError,
  type Observation,
  parseTopic,
  type SensorExplanation,
  topic,
} from '@hub/contracts'
import {
  type BrokerLimits,
  type Bus,
  type Clock,
  connectBus,
  createBroker,
  type Log,
  sameDigest,
  sha256,
} from '@hub/platform'
import type { AssignmentChange } from '../adapters/change.ts'
import { slept } from './freshness.ts'
import { createFieldOrders, type FieldOrders } from './orders.ts'
import { FieldSensor, isMalformed } from './sensor.ts'
import type { Fault } from './telemetry.ts'

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
  late: number
  held: number
  overQuota: number
  notStored: number
  missedIntervals: number
  refusedLogins: number
}

export interface FieldBroker {
  start(): Promise<void>
  /** What is not named is not touched. Sensors that are gone, or have another password, are disconnected. */
  apply(change: AssignmentChange<AssignedSensor>): void
  stop(): Promise<void>
  /** @throws HubError device.unknown */
  explain(device: string): SensorExplanation
  /** Asks a siren, a sign or a barrier to act. @throws HubError device.unknown, command.failed */
  order: FieldOrders['send']
  readonly port: number
  stats(): Readonly<FieldStats>
}

/** The gateway itself, as a client of its broker. */
const inside = 'gateway'
const sweepEveryMs = 500
/** Timers are never quite on time: less than this is none. */
const lateLeastMs = 250
/** Compared with when there is no such sensor, so that guessing ids takes as long as guessing passwords. */
const nobody = sha256('')

export function createFieldBroker({ clock, log, config, emit }: FieldBrokerOptions): FieldBroker {
  const sensors = new Map<string, FieldSensor>()
  const counts = {
    messages: 0,
    malformed: 0,
    outOfRange: 0,
    late: 0,
    held: 0,
    overQuota: 0,
    notStored: 0,
    missedIntervals: 0,
    refusedLogins: 0,
  }
  const sensorOf = (device: string): FieldSensor => {
    const sensor = sensors.get(device)
    if (!sensor) throw new HubError('device.unknown', { value: device })
    return sensor
  }

  const authenticate = (user: string, password: string): string | undefined => {
    const sensor = sensors.get(user)
    const same = sameDigest(sha256(password), sensor?.assigned.passwordHash ?? nobody)
    return sensor && same ? user : undefined
  }

  const onEnded = ({ user, principal, reason }: { user: string; principal?: string; reason: string }) => {
    const sensor = sensors.get(principal ?? user)
    sensor?.ended(reason, clock.now())
    if (principal !== undefined) return log.info({ device: principal, reason }, 'a connection of a sensor was ended')
    counts.refusedLogins += 1
    log.warn({ user: user.slice(0, 32), known: sensor !== undefined, reason }, 'a sensor was refused')
  }

  const mayPublish = (device: string, to: string): boolean => {
    const parsed = parseTopic(to)
    if (device === inside) return parsed?.name === 'fieldCommand'
    const isIts = parsed?.name === 'telemetry' || parsed?.name === 'fieldStatus' || parsed?.name === 'fieldReply'
    return isIts && parsed.params.device === device
  }

  const onPublish = async (device: string, to: string, payload: Buffer): Promise<void> => {
    if (device === inside) return
    await inPace(device)
    // Meanwhile it may have been taken away.
    const sensor = sensorOf(device)
    counts.messages += 1
    if (parseTopic(to)?.name === 'fieldReply') {
      counts.malformed += Number(!orders.answered(device, payload))
      return
    }
    if (parseTopic(to)?.name === 'fieldStatus') return told(device, 'status', sensor.status(payload, clock.now()))
    report(sensor)
    const { observations, late, ...message } = sensor.telemetry(payload, clock.now())
    told(device, 'telemetry', message)
    counts.late += Number(late)
    await Promise.all(observations.map(store))
  }

  /** Resolves when the sensor may send this message. */
  const inPace = async (device: string): Promise<void> => {
    const waitMs = sensorOf(device).admit(clock.now())
    if (waitMs === null) {
      counts.overQuota += 1
      throw new HubError('payload.invalid', { value: device, field: 'rate', limit: 'far more messages than are due' })
    }
    if (waitMs === 0) return
    counts.held += 1
    await new Promise<void>((resolve) => void clock.after(waitMs, resolve))
  }

  const told = (device: string, value: string, { faults, isNews }: { faults: readonly Fault[]; isNews: boolean }) => {
    counts.malformed += Number(faults.some(isMalformed))
    for (const { field, limit, reason, value: found } of faults) {
      counts.outOfRange += Number(reason === 'out-of-range')
      const { message } = new HubError('payload.invalid', { value, field, limit })
      if (isNews) log.warn({ device, reason: message, found: show(found) }, 'part of a message of a sensor was refused')
    }
  }

  const store = async (observation: Observation) => {
    try {
      await emit(observation)
    } catch (error) {
      counts.notStored += 1
      throw error
    }
  }

  const lateBy = (now: number): number => Math.max(0, now - sweptAt - sweepEveryMs)
  const report = (sensor: FieldSensor) => {
    const now = clock.now()
    // What is read before the next sweep may have waited for as long as that is late.
    const missed = sensor.missed(now - lateBy(now))
    counts.missedIntervals += missed.length
    for (const observation of missed) store(observation).catch(() => {})
  }

  let sweptAt = clock.now()
  const sweepAll = () => {
    const now = clock.now()
    const deaf = slept(sweptAt, now)
    const late = lateBy(now)
    sweptAt = now
    if (deaf) log.warn('the gateway was not listening for a while: silence of that time is not counted')
    for (const sensor of sensors.values()) {
      if (deaf) sensor.listen(now)
      else {
        if (late >= lateLeastMs) sensor.deafen(late)
        report(sensor)
      }
    }
  }

  const broker = createBroker<string>({
    host: config.host,
    port: config.port,
    log,
    authenticate,
    mayPublish,
    maySubscribe: (device, filter) => device !== inside && filter === topic('fieldCommand', { device }),
    onPublish,
    onEnded,
    limits: { messageBytes: 16_384, ...config.limits },
  })
  let cancelSweep = () => {}
  /** Made with the first order: most gateways have no device that acts. */
  let own: Bus | undefined
  const connected = () => broker.clients().filter((id) => id !== inside)
  const orders = createFieldOrders({
    clock,
    isConnected: (device) => connected().includes(device),
    publish(to, payload) {
      own ??= connectBus({ log, clientId: inside, connect: () => broker.attach(inside) })
      return own.publish(to, payload)
    },
  })

  return {
    async start() {
      await broker.start()
      const now = clock.now()
      sweptAt = now
      for (const sensor of sensors.values()) sensor.listen(now)
      cancelSweep = clock.every(sweepEveryMs, sweepAll)
    },
    apply({ put, drop }) {
      const now = clock.now()
      const revoked = new Set(drop.filter((id) => sensors.delete(id)))
      for (const assigned of put) {
        const old = sensors.get(assigned.id)
        if (!old) sensors.set(assigned.id, new FieldSensor(assigned, now))
        else if (old.assigned.passwordHash !== assigned.passwordHash) revoked.add(assigned.id)
        old?.assign(assigned, now)
      }
      if (revoked.size > 0) broker.disconnect((id) => revoked.has(id))
    },
    async stop() {
      cancelSweep()
      await own?.close()
      await broker.stop()
    },
    async order(device, order) {
      sensorOf(device)
      return orders.send(device, order)
    },
    explain: (device) => sensorOf(device).explain(clock.now(), broker.clients().filter((id) => id === device).length),
    get port() {
      return broker.port
    },
    stats: () => ({ ...counts, sensors: sensors.size, connected: connected().length }),
  }
}

const show = (value: unknown): string => (JSON.stringify(value) ?? 'missing').slice(0, 80)
