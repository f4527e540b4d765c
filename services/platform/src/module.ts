/** What the centre is made of: a table of modules, started in order and stopped in reverse. */
import type { Bus } from './bus/port.ts'
import type { Clock } from './clock.ts'
import type { History } from './history/port.ts'
import type { HubConfig } from './hub-config.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { RecordStore } from './record/open.ts'
import type { Uptime } from './uptime/port.ts'

/** What every module of the centre is given. */
export type Deps = {
  config: HubConfig
  clock: Clock
  log: Log
  bus: Bus
  record: RecordStore
  history: History
  uptime: Uptime
  metrics: Metrics
}

export type Running = { start(): Promise<void>; stop(): Promise<void> }
export type Module<D = Deps> = { name: string; create(deps: D): Running }

/**
 * Starts the modules in order. A start that fails stops those already started, in reverse, and throws. The returned `stop`
 * may be called twice; a module whose stop fails is logged and does not keep the others from stopping.
 */
export async function runModules<D extends { log: Log }>(
  table: readonly Module<D>[],
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
