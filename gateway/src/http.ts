/** `/healthz` and `/metrics` of one gateway, for the machine that it runs on. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createMetrics } from '@hub/platform'
import { fillMetrics, type GatewayStats } from './metrics.ts'

export interface StatusServer {
  start(): Promise<void>
  stop(): Promise<void>
  readonly port: number
}

/** 503 when what the field says cannot be kept. A centre that is away is no fault of the gateway: it is said, and healthy. */
export function createStatusServer(config: { host: string; port: number }, stats: () => GatewayStats): StatusServer {
  const metrics = createMetrics({ process: true })
  const server = createServer(async (request, response) => {
    const now = stats()
    if (request.url === '/healthz') {
      const ok = now.spool.writable
      const { connected, blind, assignment, devices } = now
      response.writeHead(ok ? 200 : 503, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ ok, connected, blind, assignment, devices, spooled: now.spool.batches }))
    } else if (request.url === '/metrics') {
      fillMetrics(metrics, now)
      response.writeHead(200, { 'content-type': metrics.contentType })
      response.end(await metrics.text())
    } else response.writeHead(404).end()
  })
  return {
    async start() {
      server.listen(config.port, config.host)
      await once(server, 'listening')
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
    get port() {
      return (server.address() as { port: number }).port
    },
  }
}
