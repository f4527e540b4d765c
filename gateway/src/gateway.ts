/** A gateway, put together: everything the field says goes through `emit` to the spool, and from there to the centre. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { AssignedCamera, AssignedSensor, Assignment, Observation } from '@hub/contracts'
import { topic } from '@hub/contracts'
import { connectBus, type Log, type SystemClock } from '@hub/platform'
import manifest from '../package.json' with { type: 'json' }
import { createCommands } from './commands/commands.ts'
import type { GatewayConfig } from './config.ts'
import { createDiscovery } from './discovery/index.ts'
import { createEventMemory, createEvents } from './events/index.ts'
import { createFieldBroker } from './field/broker.ts'
import { createStatusServer } from './http.ts'
import type { GatewayStats } from './metrics.ts'
import { createNetworkWatch, throughNetwork } from './network.ts'
import { createProber, picturePolicy } from './probe/index.ts'
import { createSpool } from './spool/spool.ts'
import { loadAssignment, saveAssignment } from './uplink/assignment-store.ts'
import { machineTime, type TimeSource } from './uplink/timekeeper.ts'
import { createUplink, offlineStatus } from './uplink/uplink.ts'

export type GatewayDeps = {
  clock: SystemClock
  log: Log
  time?: TimeSource
  random?: () => number
}

export interface Gateway {
  /** Resolves when sensors can connect and probing runs; the centre need not be there. @throws when a port is taken. */
  start(): Promise<void>
  stop(): Promise<void>
  readonly fieldPort: number
  /** Undefined when the configuration has no `http`. */
  readonly httpPort: number | undefined
  stats(): GatewayStats
}

export function createGateway(config: GatewayConfig, deps: GatewayDeps): Gateway {
  const { clock, log, time = machineTime, random = Math.random } = deps
  const { id: gateway, data } = config
  const { version } = manifest
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const assignmentPath = join(data, 'assignment.json')
  let assignment: Assignment | undefined

  const spool = createSpool({
    path: join(data, 'spool.sqlite'),
    gateway,
    clock,
    log,
    maxBytes: config.spool.maxMegabytes * 2 ** 20,
  })
  const isBlind = createNetworkWatch(clock, config.discovery)
  const emit = (observation: Observation) => spool.add(throughNetwork(observation, isBlind()))

  const { host, port, connectionsPerAddress } = config.field
  const field = createFieldBroker({ clock, log, config: { host, port, limits: { connectionsPerAddress } }, emit })
  const prober = createProber({
    clock,
    log,
    config: { ...config.probe, pictures: picturePolicy(config.probe.pictures) },
    credentials: config.credentials,
    pins: config.pins,
    emit(look) {
      events.looked(look)
      return emit(look)
    },
    isBlind,
    onIdentified(identity) {
      uplink.identified(identity)
      events.ready(identity.device)
    },
  })
  const events = createEvents({
    ...{ clock, log, config: config.events, converse: prober.converse, emit, random },
    memory: createEventMemory(join(data, 'events.json'), log),
  })
  const discovery = createDiscovery({
    clock,
    log,
    config: config.discovery,
    onFound(found) {
      uplink.found(found)
      prober.seen(found)
    },
    onHello: events.hello,
  })

  const bus = connectBus({
    url: config.uplink.url,
    clientId: gateway,
    user: gateway,
    password: config.uplink.password,
    will: {
      topic: topic('status', { gateway }),
      payload: Buffer.from(JSON.stringify(offlineStatus(gateway, clock.now(), version))),
    },
    log,
  })
  const commands = createCommands({
    gateway,
    clock,
    log,
    targets: {
      ...prober,
      discoverNow: discovery.discoverNow,
      kindOf: (id) => assignment?.devices.find((device) => device.id === id)?.kind,
    },
  })
  const state = () => ({
    assignment: assignment?.version ?? 0,
    devices: assignment?.devices.length ?? 0,
    blind: isBlind(),
    discovery: discovery.progress(),
  })
  const uplink = createUplink({
    ...{ gateway, version, clock, time, random, log, bus, spool, commands, state },
    onAssignment(next) {
      try {
        saveAssignment(assignmentPath, next)
      } catch (err) {
        log.error({ err }, 'the assignment could not be stored: it holds until the next start')
      }
      assign(next)
    },
  })

  /** Puts an assignment in force. One that says the same again disturbs nothing: probing keeps its rhythm. */
  const assign = (next: Assignment) => {
    assignment = next
    const cameras = next.devices.filter((device): device is AssignedCamera => device.kind === 'camera')
    prober.assign(cameras)
    events.assign(cameras)
    field.assign(next.devices.filter((device): device is AssignedSensor => device.kind === 'sensor'))
    log.info({ version: next.version, devices: next.devices.length }, 'the assignment is in force')
  }

  const stats = (): GatewayStats => ({
    ...state(),
    connected: bus.connected,
    spool: spool.stats(),
    uplink: uplink.stats(),
    field: field.stats(),
    probe: prober.stats(),
    events: events.stats(),
    discovery: discovery.counters(),
  })
  const status = config.http && createStatusServer(config.http, { stats, explain: prober.explain })

  return {
    async start() {
      await field.start()
      await status?.start()
      const stored = loadAssignment(assignmentPath, gateway, log)
      if (stored) assign(stored)
      uplink.start()
      await discovery.start()
    },
    async stop() {
      await discovery.stop()
      await events.stop()
      await prober.stop()
      await field.stop()
      await status?.stop()
      await uplink.stop()
      await bus.close()
      await spool.close()
    },
    get fieldPort() {
      return field.port
    },
    get httpPort() {
      return status?.port
    },
    stats,
  }
}
