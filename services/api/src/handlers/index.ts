/** Every route of the table and who answers it. */
import type { Handlers } from '../http/call.ts'
import type { Context } from './context.ts'
import { deviceHandlers } from './devices.ts'
import { discoveredHandlers } from './discovered.ts'
import { gatewayHandlers } from './gateways.ts'
import { overviewHandlers } from './overview.ts'
import { registryHandlers } from './registry.ts'
import { rolloutHandlers } from './rollout.ts'
import { sessionHandlers } from './session.ts'
import { streamHandlers } from './stream.ts'
import { userHandlers } from './users.ts'

export const createHandlers = (context: Context): Handlers => ({
  ...sessionHandlers(context),
  ...overviewHandlers(context),
  ...deviceHandlers(context),
  ...registryHandlers(context),
  ...discoveredHandlers(context),
  ...rolloutHandlers(context),
  ...gatewayHandlers(context),
  ...streamHandlers(context),
  ...userHandlers(context),
})
