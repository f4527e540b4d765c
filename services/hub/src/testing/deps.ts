/** What modules are given, on a Record and a transport of a test: silent unless the test says otherwise. */
import { checkConfig, createManualClock, createMetrics, type History, silentLog } from '@hub/platform'
import { HubConfig } from '../config.ts'
import { type Ground, wireDeps } from '../deps.ts'
import { createFakeBus } from './fake-bus.ts'

export const wireTestDeps = ({
  config = {},
  ...ground
}: Partial<Omit<Ground, 'config'>> & Pick<Ground, 'record'> & { config?: object }) =>
  wireDeps({
    clock: createManualClock(),
    transport: createFakeBus(),
    log: silentLog,
    metrics: createMetrics(),
    history: {} as History,
    ...ground,
    config: checkConfig(HubConfig, config),
  })
