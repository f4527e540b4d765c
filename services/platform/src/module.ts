/** What the centre is made of: a table of modules, started in order and stopped in reverse. */

import type { MessageBus } from './bus/message-bus.ts'
import type { Consumer, Outbox } from './bus/outbox.ts'
import type { PublishChange } from './bus/publish-change.ts'
import type { Commands } from './bus/request.ts'
import type { Clock } from './clock.ts'
import type { ConfigPart } from './config-parts.ts'
import type { RoomSchema } from './database/migrate.ts'
import type { RecordStore } from './database/open.ts'
import type { History } from './history/port.ts'
import type { Handlers } from './http/call.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { PlatformConfig } from './platform-config.ts'
import type { AuditPort, Exemptions, LiveStream, MarkRestated, Print, Sessions, Uptime } from './ports.ts'

/** What every module of the centre is given. `C`: the configuration that it reads. */
export type Deps<C = PlatformConfig> = {
  config: C
  clock: Clock
  log: Log
  bus: MessageBus
  outbox: Outbox
  /** Says to people's screens that something has changed. */
  publishChange: PublishChange
  commands: Commands
  record: RecordStore
  history: History
  metrics: Metrics
  audit: AuditPort
  sessions: Sessions
  uptime: Uptime
  exemptions: Exemptions
  restated: MarkRestated
  print: Print
}

/** What a room is given where its answers are served: the live stream, too. */
export type RouteDeps<C = PlatformConfig> = Deps<C> & { stream: LiveStream }

export type Running = { start(): Promise<void>; stop(): Promise<void> }

/** What a room answers people. `start` and `stop`: of what its answers are made from, where it keeps something in memory. */
export type Routes = {
  handlers: Partial<Handlers>
  start?(): Promise<void>
  stop?(): Promise<void>
  /** What is not as it should be though the process lives; null when nothing is. For `/healthz`. */
  health?(): HealthNote | null
}

/** Never holds an address, a path or a secret. */
export type HealthNote = { part: string; why: string }

/** A room of the centre. Its name is that of its folder, its migrations, its settings and its views. */
export type Module<C = PlatformConfig> = RoomSchema & {
  /** Its part of the configuration. */
  config?: ConfigPart
  /** What it takes from the outbox, so that rows wait for it also where it does not run. */
  consumes?: readonly Pick<Consumer, 'name' | 'messages'>[]
  /** In every process, once the schema is there and before any module is made: what others rely on from the start. */
  prepare?(deps: Deps<C>): Promise<void>
  /** In every process that serves the API. */
  routes?(deps: RouteDeps<C>): Routes
  /** Its work: in the processes that run it. */
  create?(deps: Deps<C>): Running
}

/**
 * Starts the modules in order. A start that fails stops those already started, in reverse, and throws. The returned `stop`
 * may be called twice; a module whose stop fails is logged and does not keep the others from stopping.
 */
export async function runModules<D extends { log: Log }>(
  table: readonly { name: string; create?(deps: NoInfer<D>): Running }[],
  deps: D,
): Promise<{ stop(): Promise<void> }> {
  const started: { name: string; running: Running }[] = []
  const stopAll = async () => {
    for (const { name, running } of started.reverse().splice(0))
      await running
        .stop()
        .catch((err: unknown) => deps.log.error({ err, module: name }, 'a module did not stop cleanly'))
  }
  for (const { name, create } of table) {
    if (!create) continue
    try {
      const running = create(deps)
      await running.start()
      started.push({ name, running })
      deps.log.info({ module: name }, 'started')
    } catch (err) {
      deps.log.error({ err, module: name }, 'a module did not start')
      await stopAll()
      throw err
    }
  }
  let stopping: Promise<void> | undefined
  return {
    stop() {
      stopping ??= stopAll()
      return stopping
    },
  }
}

/** Calls `stop` once at SIGINT or SIGTERM, then ends the process: 0 when it stopped cleanly, 1 when not. A second signal ends it at once. */
export function stopOnSignals(stop: () => Promise<void>, log: Log): void {
  let asked = false
  const onSignal = (signal: NodeJS.Signals) => {
    if (asked) process.exit(1)
    asked = true
    log.info({ signal }, 'stopping')
    stop().then(
      () => process.exit(0),
      (err: unknown) => {
        log.error({ err }, 'did not stop cleanly')
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
}
