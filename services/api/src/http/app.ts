/** The Express application: guards, monitoring, the route table, the console, errors. In that order. */
import { readFileSync } from 'node:fs'
import { apiBase, HubError } from '@hub/contracts'
import type { Deps } from '@hub/platform'
import express, { type Express, type Next, type Request, type Response } from 'express'
import type { Handlers } from './call.ts'
import { mountConsole } from './console.ts'
import { refuseCrossSite } from './cross-site.ts'
import { mountMonitoring } from './monitoring.ts'
import { type Authenticate, mountRoutes } from './mount.ts'
import { sendProblem } from './problem.ts'
import { securityHeaders } from './security.ts'

const openapi = new URL('../../../contracts/generated/openapi.json', import.meta.url)

type Options = { deps: Deps; handlers: Handlers; authenticate: Authenticate; consoleDir: string }

export function createApp({ deps, handlers, authenticate, consoleDir }: Options): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  // A TLS proxy on this machine may say who the client is; nobody else may.
  app.set('trust proxy', 'loopback')
  app.use(securityHeaders())
  app.use(countRequests(deps))
  app.use(refuseCrossSite)
  mountMonitoring(app, deps, authenticate)
  app.use(apiBase, (_req, res, next) => {
    res.set('Cache-Control', 'no-store')
    next()
  })
  app.get(`${apiBase}/openapi.json`, (_req, res) => res.type('json').send(readFileSync(openapi)))
  mountRoutes(app, handlers, authenticate)
  app.use(apiBase, (req, _res, next) =>
    next(new HubError('route.unknown', { value: `${req.method} ${req.originalUrl.split('?')[0]}` })),
  )
  mountConsole(app, consoleDir)
  app.use((err: unknown, req: Request, res: Response, _next: Next) => sendProblem(err, req, res, deps.log))
  return app
}

function countRequests({ clock, metrics }: Deps) {
  const answers = metrics.counter('hub_http_answers_total', 'HTTP answers by status', ['status'])
  const seconds = metrics.histogram(
    'hub_http_answer_seconds',
    'Time to answer, streams left out',
    [0.005, 0.02, 0.1, 0.5, 2, 10],
  )
  return (_req: Request, res: Response, next: Next) => {
    const begun = clock.now()
    res.on('finish', () => {
      answers.inc({ status: res.statusCode })
      if (!String(res.getHeader('content-type')).startsWith('text/event-stream'))
        seconds.observe((clock.now() - begun) / 1_000)
    })
    next()
  }
}
