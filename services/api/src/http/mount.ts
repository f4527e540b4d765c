/** Mounts the route table: session → permission → params, query, body → handler → answer. */
import { apiBase, HubError, type Permission, type Route, type RouteName, routes } from '@hub/contracts'
import type { Express, Request, Response } from 'express'
import { readJson, requireType } from './body.ts'
import type { Call, Handler, Handlers, Viewer } from './call.ts'
import { sendJson } from './json.ts'
import { parseRequest } from './parse.ts'
import { languageOf } from './problem.ts'

/** Finds the viewer of a request's cookie. */
export type Authenticate = (req: Request) => Promise<Viewer | undefined>

async function admit(route: Route, req: Request, authenticate: Authenticate): Promise<Viewer | undefined> {
  if (route.needs === 'public') return undefined
  const viewer = await authenticate(req)
  if (!viewer) throw new HubError('session.required')
  if (route.needs !== 'session') requirePermission(viewer, route.needs)
  return viewer
}

function requirePermission({ role, permissions }: Viewer, permission: Permission): void {
  if (!permissions.includes(permission)) throw new HubError('permission.denied', { value: role, limit: permission })
}

async function answer(route: Route, handler: Handler<RouteName>, req: Request, res: Response, who: Authenticate) {
  const viewer = await admit(route, req, who)
  const language = languageOf(req)
  const parse = (schema: Route['body'], input: unknown) => schema && parseRequest(schema, input, language)
  const params = parse(route.params, req.params)
  const query = parse(route.query, { ...req.query })
  if (route.consumes) requireType(req, route.consumes, 'request.invalid')
  const body = route.body && parse(route.body, await readJson(req))
  const result = await handler({ viewer, params, query, body, language, req, res } as Call<RouteName>)
  if (route.produces) return
  if (result === undefined) res.status(204).end()
  else await sendJson(res.vary('Accept-Language'), result)
}

export function mountRoutes(app: Express, handlers: Handlers, authenticate: Authenticate): void {
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    const handler = handlers[name] as Handler<RouteName>
    const path = apiBase + route.path.replace(/\{(\w+)\}/g, ':$1')
    app[route.method](path, (req, res) => answer(route, handler, req, res, authenticate))
  }
}
