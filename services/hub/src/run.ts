/** Runs the centre until it is told to stop; see main.ts. */
import { parseArgs } from 'node:util'
import { HubError } from '@hub/contracts'
import { createLog, hubOverrides, keepPrivate, loadConfig, stopOnSignals } from '@hub/platform'
import { HubConfig } from './config.ts'
import { chooseModules, startHub } from './hub.ts'

try {
  const options = { config: { type: 'string' }, check: { type: 'boolean' }, modules: { type: 'string' } } as const
  const { values } = parseArgs({ options })
  if (values.config === undefined) throw new HubError('config.unreadable', { value: '--config', limit: 'not given' })
  const config = loadConfig(HubConfig, values.config, hubOverrides)
  const chosen = chooseModules(values.modules)
  if (values.check) {
    console.log(`${values.config} is good`)
  } else {
    keepPrivate(config.data)
    const log = createLog({ name: 'hub', level: config.log.level })
    const hub = await startHub(config, chosen)
    stopOnSignals(hub.stop, log)
    log.info({ address: `http://${config.http.host}:${config.http.port}` }, 'the hub is running')
  }
} catch (error) {
  console.error(error instanceof HubError ? error.message : error)
  process.exit(1)
}
