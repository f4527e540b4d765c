/** The table of modules: the architecture of the centre in one screen. Started in this order, stopped in reverse. */
import { apiModule } from '@hub/api'
import { gatewaysModule, ingestModule, platformsModule } from '@hub/ingest'
import { outagesModule } from '@hub/outages'
import type { Module } from '@hub/platform'
import { reportsModule } from '@hub/reports'

export const modules: readonly Module[] = [
  ingestModule, //   batches of observations → commit → acknowledge → state → transitions
  gatewaysModule, // status, inventory and identities in; assignments out
  platformsModule, // are the hub's parts, its gateways and the configured sites normal?
  outagesModule, //  transitions → outages with a cause, an owner and an end; who is told
  reportsModule, //  scorecards, exports
  apiModule, //      HTTP, sessions, the live stream, the console
]
