/** Opens the ports that the configuration names, and runs the modules on them. */
import { join } from 'node:path'
import { HubError } from '@hub/contracts'
import {
  connectBus,
  createLog,
  createMetrics,
  createSystemClock,
  type HubConfig,
  openHistory,
  openRecord,
  openUptime,
  runModules,
} from '@hub/platform'
import { createGatewayBroker } from './gateway-broker.ts'
import { modules } from './modules.ts'

/** Which modules run in this process: all of them, or those named by `--modules=a,b`. @throws config.invalid for a name that is none. */
export function chooseModules(names: string | undefined): typeof modules {
  if (names === undefined) return modules
  return names.split(',').map((name) => {
    const found = modules.find((module) => module.name === name)
    const limit = `must be among ${modules.map((module) => module.name).join(', ')}`
    if (!found) throw new HubError('config.invalid', { field: '--modules', value: name, limit })
    return found
  })
}

export async function startHub(config: HubConfig, chosen = modules): Promise<{ stop(): Promise<void> }> {
  const log = createLog({ name: 'hub', level: config.log.level })
  const broker = config.bus.mode === 'embedded' ? createGatewayBroker({ ...config, bus: config.bus }, log) : undefined
  const bus =
    config.bus.mode === 'embedded'
      ? connectBus({ log, clientId: 'centre', connect: () => broker!.attach('centre') })
      : connectBus({ log, clientId: `hub-${process.pid}`, ...config.bus })
  const record = await openRecord(join(config.data, 'record.db'))
  const clock = createSystemClock({ followWallEveryMs: 60_000 })
  const metrics = createMetrics({ process: true })
  const history = openHistory(config, { clock, log, metrics })
  const uptime = openUptime(record)
  const deps = {
    config,
    log,
    bus,
    record,
    history,
    uptime,
    clock,
    metrics,
  }
  const close = async () => {
    await bus.close()
    await broker?.stop()
    await uptime.close()
    await history.close()
    await record.close()
  }
  try {
    // A batch that comes before ingest listens is not acknowledged, so its gateway sends it again.
    await broker?.start()
    const running = await runModules(chosen, deps)
    return {
      async stop() {
        await running.stop()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}
