/** Wires what every module is given: the bus, the outbox, and the ports that rooms implement for all others. */
import { type AccessOptions, audit, openSessions } from '@hub/access'
import {
  type Bus,
  type Clock,
  createCommands,
  createMessageBus,
  createPublishChange,
  type Deps,
  type History,
  type Log,
  type Metrics,
  openOutbox,
  type RecordStore,
  tablesOf,
} from '@hub/platform'
import { createPrint } from '@hub/reports'
import { createExemptions, createMarkRestated, openUptime } from '@hub/uptime'
import type { HubConfig } from './modules.ts'
import { rooms } from './modules.ts'

export type Ground = {
  config: HubConfig
  clock: Clock
  log: Log
  transport: Bus
  record: RecordStore
  history: History
  metrics: Metrics
}

/** Made in each process, whichever modules run there. `start` before the modules, `settle` once they all listen, `stop` after them. */
export function wireDeps({ transport, ...ground }: Ground, options: AccessOptions = {}) {
  const { clock, log, record } = ground
  const bus = createMessageBus(transport, log)
  const outbox = openOutbox(
    { record: tablesOf(record), bus, clock, log },
    rooms.flatMap(({ consumes = [] }) => consumes),
  )
  const sessions = openSessions(ground, options)
  const uptime = openUptime(ground)
  const commands = createCommands({ bus, clock, log })
  const deps: Deps<HubConfig> = {
    ...ground,
    bus,
    outbox,
    publishChange: createPublishChange({ bus, clock, log }),
    commands,
    audit,
    sessions,
    uptime,
    exemptions: createExemptions(record.sqlite),
    restated: createMarkRestated(record.sqlite, clock),
    print: createPrint(),
  }
  return {
    deps,
    async start() {
      await outbox.prepare()
      await commands.start()
      for (const { prepare } of rooms) await prepare?.(deps)
    },
    settle: () => outbox.start(),
    async stop() {
      await outbox.stop()
      await commands.stop()
      await uptime.close()
    },
  }
}
