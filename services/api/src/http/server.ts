/** The HTTP server: limits for slow clients, and an end that does not wait for idle connections. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'

export interface HttpServer {
  readonly port: number
  close(): Promise<void>
}

/** Who is late is looked for each second: by itself Node looks each half minute. */
const slowClients = {
  headersTimeout: 5_000,
  requestTimeout: 120_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16_384,
}

/** @throws the listen error, such as EADDRINUSE */
export async function listen(app: Express, { host, port }: { host: string; port: number }): Promise<HttpServer> {
  const server: Server = createServer(slowClients, app)
  server.maxConnections = 10_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
        // Answers under way get a second, then the rest is cut.
        setTimeout(() => server.closeAllConnections(), 1_000).unref()
      }),
  }
}
