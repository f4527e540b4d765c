/** Mounts the route table: session → permission → params, query, body → handler → answer. */
import { apiBase, HubError, type Permission, type Route, type RouteName, routes } from '@hub/contracts'
import {
  type Call,
  type Handler,
  type Handlers,
  type OwnRoute,
  parseRequest,
  uploadLimit,
  type Viewer,
} from '@hub/platform'
import type { Express, Request, Response } from 'express'
import { send } from './answer.ts'
import { readBody, readJson, requireFile } from './body.ts'
import { readToken } from './cookie.ts'
import { languageOf } from './problem.ts'

/** Finds the viewer of a request's cookie. */
export type Authenticate = (req: Request) => Promise<Viewer | undefined>
/** A route that needs the connection itself. */
export type OwnHandler = (viewer: Viewer, req: Request, res: Response) => void

async function admit(route: Route, req: Request, authenticate: Authenticate): Promise<Viewer | undefined> {
  if (route.needs === 'public') return undefined
  const viewer = await authenticate(req)
  if (!viewer) throw new HubError('session.required')
  if (route.needs === 'session') return viewer
  if (viewer.mustChange) throw new HubError('password.change-first')
  requirePermission(viewer, route.needs)
  return viewer
}

function requirePermission({ role, permissions }: Viewer, permission: Permission): void {
  if (!permissions.includes(permission)) throw new HubError('permission.denied', { value: role, limit: permission })
}

async function answer(route: Route, handler: Handler<never>, req: Request, res: Response, viewer: Viewer | undefined) {
  const language = languageOf(req)
  const parse = (schema: Route['body'], input: unknown) => schema && parseRequest(schema, input, language)
  const params = parse(route.params, req.params)
  const query = parse(route.query, { ...req.query })
  if (route.consumes) requireFile(req, route.consumes)
  const body = route.body && parse(route.body, await readJson(req))
  const gone = new AbortController()
  res.on('close', () => gone.abort())
  const call = {
    viewer,
    params,
    query,
    body,
    language,
    client: { address: req.ip ?? '', token: readToken(req) },
    gone: gone.signal,
    upload: (most = uploadLimit) => readBody(req, Math.min(most, uploadLimit)),
  } as Call<never>
  await send(req, res, await handler(call))
}

/** @throws TypeError when a route of the table has no handler */
export function mountRoutes(
  app: Express,
  handlers: Partial<Handlers>,
  own: Record<OwnRoute, OwnHandler>,
  authenticate: Authenticate,
): void {
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    const path = apiBase + route.path.replace(/\{(\w+)\}/g, ':$1')
    const handler = name in own ? undefined : (handlers as { [name: string]: Handler<never> })[name]
    if (!handler && !(name in own)) throw new TypeError(`no room answers ${name}`)
    app[route.method](path, async (req, res) => {
      const viewer = await admit(route, req, authenticate)
      if (handler) await answer(route, handler, req, res, viewer)
      else own[name as OwnRoute](viewer!, req, res)
    })
  }
}
