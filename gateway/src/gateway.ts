/** A gateway, put together: everything the field says goes through `emit` to the spool, and from there to the centre. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Observation } from '@hub/contracts'
import { topic } from '@hub/contracts'
import { connectBus, type Log, type SystemClock } from '@hub/platform'
import manifest from '../package.json' with { type: 'json' }
import type { AssignmentChange } from './adapters/change.ts'
import { createFieldAdapters } from './adapters/index.ts'
import { createCommands } from './commands/commands.ts'
import { openDoneStore } from './commands/done.ts'
import type { GatewayConfig } from './config.ts'
import { createStatusServer } from './http.ts'
import { createLoginBudgets, openLoginStore } from './login/index.ts'
import { createLoopWatch, lateBoundMs } from './loop.ts'
import { fillMetrics, type GatewayStats } from './metrics.ts'
import { createNetworkWatch, throughNetwork } from './network.ts'
import { openSealer } from './seal/sealer.ts'
import { createSpool } from './spool/spool.ts'
import { openAssignmentStore } from './uplink/assignment-store.ts'
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
  const assignment = openAssignmentStore({
    path: join(data, 'assignment.sqlite'),
    legacy: join(data, 'assignment.json'),
    gateway,
    log,
  })
  const spool = createSpool({
    path: join(data, 'spool.sqlite'),
    gateway,
    clock,
    log,
    maxBytes: config.spool.maxMegabytes * 2 ** 20,
  })
  const sealer = openSealer(data, gateway)
  log.info({ key: sealer.key }, 'batches are sealed with this key: compare it with what the centre has pinned')
  const logins = createLoginBudgets({ clock, store: openLoginStore({ path: join(data, 'logins.sqlite'), clock, log }) })
  const isBlind = createNetworkWatch(clock, config.discovery)
  const loop = createLoopWatch(clock)
  const emit = (observation: Observation) => spool.add(throughNetwork(observation, isBlind()))

  const adapters = createFieldAdapters({
    clock,
    log,
    random,
    config,
    logins,
    isBlind,
    wasLate: loop.wasLate,
    emit,
    found: (device) => uplink.found(device),
    identified: (identity) => uplink.identified(identity),
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
  const { commandsOf, discover, addCamera } = adapters
  const done = openDoneStore(join(data, 'commands.sqlite'))
  const commands = createCommands({ gateway, clock, log, targets: { commandsOf, discover, addCamera }, done })
  const state = () => {
    const discovery = adapters.discovery()
    const { lateMs } = loop.stats()
    return {
      assignment: assignment.held.version,
      devices: assignment.devices.size,
      blind: isBlind(),
      ...(lateMs >= lateBoundMs && { lateMs }),
      ...(discovery && { discovery }),
    }
  }
  const uplink = createUplink({
    gateway,
    version,
    clock,
    time,
    random,
    log,
    bus,
    spool,
    sealer,
    commands,
    state,
    holds: () => ({ digest: assignment.digest, ...(assignment.held.whole && { whole: assignment.held.whole }) }),
    /** On disk before it is in force, and in force before the status says so. */
    onAssignment(message) {
      try {
        const change = assignment.take(message)
        if (change) apply(change)
        const said = message.v === 2 && assignment.held.version === message.to ? message.digest : undefined
        if (said !== undefined && said !== assignment.digest)
          log.warn(
            { version: assignment.held.version },
            'the assignment differs from that of the centre, which is told so',
          )
      } catch (err) {
        log.error(
          { err },
          'the assignment could not be stored: what was in force stays until the centre sends it again',
        )
      }
    },
  })

  /** What is not named is not touched, and what is named as it was keeps its rhythm. */
  const apply = (change: AssignmentChange) => {
    const [put, drop] = [change.put.length, change.drop.length]
    if (put + drop > 0) adapters.apply(change)
    const { version } = assignment.held
    log.info({ version, put, drop, devices: assignment.devices.size }, 'the assignment is in force')
  }

  const stats = (): GatewayStats => ({
    ...state(),
    connected: bus.connected,
    loop: loop.stats(),
    spool: spool.stats(),
    uplink: uplink.stats(),
    ...adapters.stats(),
  })
  const status =
    config.http &&
    createStatusServer(config.http, {
      stats,
      explain: adapters.explain,
      fillMetrics(meters) {
        fillMetrics(meters, stats())
        adapters.fillMetrics(meters)
      },
    })

  return {
    async start() {
      await adapters.start()
      await status?.start()
      if (assignment.devices.size > 0) apply({ put: [...assignment.devices.values()], drop: [] })
      uplink.start()
    },
    async stop() {
      loop.stop()
      await adapters.stop()
      await status?.stop()
      await uplink.stop()
      await bus.close()
      await spool.close()
      logins.close()
      done.close()
      assignment.close()
    },
    get fieldPort() {
      return adapters.portOf('mqtt-sensors') ?? 0
    },
    get httpPort() {
      return status?.port
    },
    stats,
  }
}
