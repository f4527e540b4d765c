/** Opens the ports that the configuration names, and runs the modules on them. */
import { join } from 'node:path'
import { HubError } from '@hub/contracts'
import { Backpressure, minuteMs } from '@hub/core'
import { createGatewayBroker } from '@hub/gateways'
import {
  connectBus,
  createLog,
  createMetrics,
  createSystemClock,
  openHistory,
  openRecord,
  putDeadLetter,
  runModules,
} from '@hub/platform'
import { wireDeps } from './deps.ts'
import type { HubConfig } from './modules.ts'
import { modules } from './modules.ts'
import { recordSchema } from './schema.ts'

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
  const backpressure = new Backpressure()
  const broker =
    config.bus.mode === 'embedded' ? createGatewayBroker({ ...config, bus: config.bus }, log, backpressure) : undefined
  const transport =
    config.bus.mode === 'embedded'
      ? connectBus({ log, clientId: 'centre', connect: () => broker!.attach('centre'), backpressure })
      : connectBus({ log, clientId: `hub-${process.pid}`, ...config.bus })
  const record = await openRecord(join(config.data, 'record.db'), recordSchema)
  const clock = createSystemClock({ followWallEveryMs: minuteMs })
  const metrics = createMetrics({ process: true })
  const history = openHistory(config, { clock, log, metrics, park: (letter) => putDeadLetter(record.db, letter) })
  const wired = wireDeps({ config, log, transport, record, history, clock, metrics })
  const close = async () => {
    await wired.stop()
    await transport.close()
    await broker?.stop()
    await history.close()
    await record.close()
  }
  try {
    // A batch that comes before ingest listens is not acknowledged, so its gateway sends it again.
    await broker?.start()
    await wired.start()
    const running = await runModules(chosen, wired.deps)
    await wired.settle()
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
