/** `/healthz`, `/metrics` and `/cameras/{id}` (its last probe results, with the cause of each; of a sensor, what `explain` says) of one gateway, for the machine that it runs on. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { errorTable, HubError } from '@hub/contracts'
import { createMetrics } from '@hub/platform'
import { type Meters, metersOf } from './meters.ts'
import type { GatewayStats } from './metrics.ts'

export interface StatusServer {
  /** @throws when the port is taken. */
  start(): Promise<void>
  stop(): Promise<void>
  readonly port: number
}

/** It is for the machine itself, and no stranger keeps it busy. */
const slowClients = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 }

type Answer = { status: number; type: string; body: string }
const json = (status: number, body: unknown): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
})

export function createStatusServer(
  config: { host: string; port: number },
  of: { stats(): GatewayStats; fillMetrics(meters: Meters): void; explain(id: string): Promise<unknown> },
): StatusServer {
  const metrics = createMetrics({ process: true })
  const meters = metersOf(metrics)

  const answer = async (path: string): Promise<Answer> => {
    if (path === '/healthz') return health(of.stats())
    if (path === '/metrics') {
      of.fillMetrics(meters)
      return { status: 200, type: metrics.contentType, body: await metrics.text() }
    }
    const camera = /^\/cameras\/(\d{20})$/.exec(path)?.[1]
    if (camera) return json(200, await of.explain(camera))
    throw new HubError('route.unknown', { value: path })
  }

  const server = createServer(slowClients, async (request, response) => {
    const { status, type, body } = await answer(request.url ?? '').catch((error: unknown) => {
      const problem = error instanceof HubError ? error : new HubError('internal', { value: 'gateway' })
      return json(errorTable[problem.code].status, { code: problem.code, detail: problem.message })
    })
    response.writeHead(status, { 'content-type': type }).end(body)
  })
  return {
    async start() {
      server.maxConnections = 64
      server.listen(config.port, config.host)
      await once(server, 'listening')
    },
    async stop() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
    get port() {
      return (server.address() as { port: number }).port
    },
  }
}

/** 503 when what the field says cannot be kept. A centre that is away is no fault of the gateway: it is said, and healthy. */
function health({ spool, connected, blind, assignment, devices }: GatewayStats): Answer {
  const ok = spool.writable
  return json(ok ? 200 : 503, { ok, connected, blind, assignment, devices, spooled: spool.batches })
}
