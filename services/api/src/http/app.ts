/** The Express application: guards, monitoring, the route table, the console, errors. In that order. */
import { readFileSync } from 'node:fs'
import { apiBase, HubError } from '@hub/contracts'
import type { Deps, Handlers, HealthNote, OwnRoute } from '@hub/platform'
import express, { type Express, type Next, type Request, type Response } from 'express'
import { mountConsole } from './console.ts'
import { refuseCrossSite } from './cross-site.ts'
import { refuseForeignHost } from './host.ts'
import { mountMonitoring } from './monitoring.ts'
import { type Authenticate, mountRoutes, type OwnHandler } from './mount.ts'
import { sendProblem } from './problem.ts'
import { securityHeaders } from './security.ts'

const openapi = new URL('../../../contracts/generated/openapi.json', import.meta.url)

type Options = {
  deps: Pick<Deps, 'config' | 'clock' | 'record' | 'history' | 'bus' | 'metrics' | 'log'>
  handlers: Partial<Handlers>
  own: Record<OwnRoute, OwnHandler>
  authenticate: Authenticate
  /** What is not as it should be, of all rooms. */
  health(): HealthNote[]
  consoleDir: string
}

export function createApp({ deps, handlers, own, authenticate, health, consoleDir }: Options): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  // A TLS proxy on this machine may say who the client is; nobody else may.
  app.set('trust proxy', 'loopback')
  app.use(securityHeaders())
  app.use(countRequests(deps))
  app.use(refuseCrossSite)
  mountMonitoring(app, { ...deps, health }, authenticate)
  app.use(refuseForeignHost(deps.config.http.hosts))
  app.use(apiBase, (_req, res, next) => {
    res.set('Cache-Control', 'no-store')
    next()
  })
  app.get(`${apiBase}/openapi.json`, (_req, res) => res.type('json').send(readFileSync(openapi)))
  mountRoutes(app, handlers, own, authenticate)
  app.use(apiBase, (req, _res, next) =>
    next(new HubError('route.unknown', { value: `${req.method} ${req.originalUrl.split('?')[0]}` })),
  )
  mountConsole(app, consoleDir)
  app.use((err: unknown, req: Request, res: Response, _next: Next) => sendProblem(err, req, res, deps.log))
  return app
}

function countRequests({ clock, metrics }: Pick<Deps, 'clock' | 'metrics'>) {
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
