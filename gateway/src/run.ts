/** Runs a gateway until it is told to stop; see main.ts. */
import { parseArgs } from 'node:util'
import { HubError } from '@hub/contracts'
import { createLog, createSystemClock, keepPrivate, loadConfig, stopOnSignals } from '@hub/platform'
import { GatewayConfig } from './config.ts'
import { createGateway } from './gateway.ts'

try {
  const { values } = parseArgs({ options: { config: { type: 'string' }, check: { type: 'boolean' } } })
  if (values.config === undefined) throw new HubError('config.unreadable', { value: '--config', limit: 'not given' })
  const config = loadConfig(GatewayConfig, values.config)
  if (values.check) {
    console.log(`${values.config} is good`)
  } else {
    keepPrivate(config.data)
    const log = createLog({ name: `gateway-${config.id}`, level: config.log.level })
    const gateway = createGateway(config, { clock: createSystemClock(), log })
    stopOnSignals(gateway.stop, log)
    await gateway.start()
    log.info({ field: gateway.fieldPort, uplink: new URL(config.uplink.url).host }, 'the gateway is running')
  }
} catch (error) {
  console.error(error instanceof HubError ? error.message : error)
  process.exit(1)
}
