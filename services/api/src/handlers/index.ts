/** Every route of the table and who answers it. */
import type { Handlers } from '../http/call.ts'
import { adjustmentHandlers } from './adjustments.ts'
import { auditHandlers } from './audit.ts'
import { channelHandlers } from './channels.ts'
import type { Context } from './context.ts'
import { deviceHandlers } from './devices.ts'
import { discoveredHandlers } from './discovered.ts'
import { exportHandlers } from './exports.ts'
import { gatewayHandlers } from './gateways.ts'
import { kpiHandlers } from './kpis.ts'
import { observationHandlers } from './observations.ts'
import { outageHandlers } from './outages.ts'
import { overviewHandlers } from './overview.ts'
import { platformHandlers } from './platforms.ts'
import { progressHandlers } from './progress.ts'
import { registryHandlers } from './registry.ts'
import { rolloutHandlers } from './rollout.ts'
import { scorecardHandlers } from './scorecards.ts'
import { sessionHandlers } from './session.ts'
import { streamHandlers } from './stream.ts'
import { telemetryHandlers } from './telemetry.ts'
import { topologyHandlers } from './topology.ts'
import { uptimeHandlers } from './uptime.ts'
import { userHandlers } from './users.ts'
import { workOrderHandlers } from './work-orders.ts'

export const createHandlers = (context: Context): Handlers => ({
  ...sessionHandlers(context),
  ...overviewHandlers(context),
  ...deviceHandlers(context),
  ...registryHandlers(context),
  ...discoveredHandlers(context),
  ...rolloutHandlers(context),
  ...gatewayHandlers(context),
  ...uptimeHandlers(context),
  ...kpiHandlers(context),
  ...platformHandlers(context),
  ...telemetryHandlers(context),
  ...observationHandlers(context),
  ...adjustmentHandlers(context),
  ...progressHandlers(context),
  ...scorecardHandlers(context),
  ...exportHandlers(context),
  ...outageHandlers(context),
  ...workOrderHandlers(context),
  ...topologyHandlers(context),
  ...channelHandlers(context),
  ...auditHandlers(context),
  ...streamHandlers(context),
  ...userHandlers(context),
})
