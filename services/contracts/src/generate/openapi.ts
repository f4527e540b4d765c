/** OpenAPI 3.1 of the API, derived from the route table, the schemas and the error table. */
import { z } from 'zod'
import { sessionCookie } from '../access/session.ts'
import { Problem } from '../errors/problem.ts'
import { type ErrorCode, errorTable } from '../errors/table.ts'
import type { Route } from '../route.ts'
import { apiBase, routes } from '../routes.ts'
import { StreamEvents } from '../stream/events.ts'
import * as answers from './answers.ts'
import { documentOrder } from './document-order.ts'
import { type Json, jsonSchema, schemasByName } from './json-schema.ts'

const capital = (name: string) => name[0]!.toUpperCase() + name.slice(1)
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

/** Statuses that a route can answer beside its success. */
function problemStatuses(route: Route): number[] {
  const statuses = new Set([500])
  const unsafe = route.method !== 'get'
  if (route.params || route.query || route.body || route.consumes) statuses.add(400)
  if (route.needs === 'public') statuses.add(401).add(429)
  else statuses.add(401)
  if (unsafe || !['public', 'session'].includes(route.needs)) statuses.add(403)
  if (route.params) statuses.add(404)
  if (route.body || route.consumes) statuses.add(413)
  if (/\/(stage|approvals|decision|steps|file)$/.test(route.path)) statuses.add(409)
  if (route.path.endsWith('/commands') || route.path.endsWith('/discoveries')) statuses.add(502).add(504)
  return [...statuses].sort((a, b) => a - b)
}

/** One parameter for each key of a strict object. */
function parameters(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (!(schema instanceof z.ZodObject)) return []
  return Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, of]) => ({
    name,
    in: place,
    required: place === 'path' || !of.safeParse(undefined).success,
    schema: jsonSchema(of, 'request'),
  }))
}

function success(name: string, route: Route): Json {
  if (route.produces === 'text/event-stream')
    return {
      200: {
        description: 'Server-sent events; the id of each is its seq',
        content: {
          'text/event-stream': {
            schema: { type: 'string' },
            'x-events': Object.fromEntries(
              Object.keys(StreamEvents).map((event) => [event, ref(`Stream${capital(event)}`)]),
            ),
          },
        },
      },
    }
  if (route.produces)
    return { 200: { description: route.summary, content: { [route.produces]: { schema: { type: 'string' } } } } }
  if (!route.response) return { 204: { description: 'Done' } }
  return {
    200: {
      description: route.summary,
      content: { 'application/json': { schema: ref(responseName(name, route.response)) } },
    },
  }
}

function operation(name: string, route: Route): Json {
  const all = [...parameters(route.params, 'path'), ...parameters(route.query, 'query')]
  const body = route.body
    ? { 'application/json': { schema: jsonSchema(route.body, 'request') } }
    : route.consumes
      ? Object.fromEntries(route.consumes.map((type) => [type, { schema: { type: 'string' } }]))
      : undefined
  return {
    operationId: name,
    summary: route.summary,
    security: route.needs === 'public' ? [] : [{ session: [] }],
    ...(['public', 'session'].includes(route.needs) ? {} : { 'x-permission': route.needs }),
    ...(all.length > 0 ? { parameters: all } : {}),
    ...(body ? { requestBody: { required: true, content: body } } : {}),
    responses: {
      ...success(name, route),
      ...Object.fromEntries(problemStatuses(route).map((s) => [s, { $ref: `#/components/responses/Problem${s}` }])),
    },
  }
}

/** Schemas that have a name of their own: `answers.ts`, the stream's events, and what is left of the responses. */
const named = new Map<z.ZodType, string>([[Problem, 'Problem']])
const requests: readonly unknown[] = Object.values(routes as Record<string, Route>).flatMap((r) => [r.query, r.body])
for (const [name, value] of Object.entries(answers))
  if (value instanceof z.ZodType && !requests.includes(value)) named.set(value, name)
for (const [event, schema] of Object.entries(StreamEvents))
  if (!named.has(schema)) named.set(schema, `Stream${capital(event)}`)

function responseName(route: string, response: z.ZodType): string {
  const name = named.get(response) ?? `${capital(route)}Response`
  named.set(response, name)
  return name
}

const problems = () =>
  Object.fromEntries(
    Object.entries(Object.groupBy(Object.keys(errorTable) as ErrorCode[], (code) => errorTable[code].status)).map(
      ([status, codes]) => [
        `Problem${status}`,
        {
          description: codes!.map((code) => `\`${code}\`: ${errorTable[code].en}`).join('; '),
          content: { 'application/problem+json': { schema: ref('Problem') } },
        },
      ],
    ),
  )

export function openapi(): Json {
  const paths: Record<string, Json> = {}
  for (const name of documentOrder) {
    const route: Route = routes[name]
    paths[route.path] = { ...paths[route.path], [route.method]: operation(name, route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: '数字衡阳外场设备枢纽 · Hengyang hub',
      version: '1',
      description: 'Times are UTC milliseconds. Errors are RFC 9457 problem details; Accept-Language chooses zh or en.',
    },
    servers: [{ url: apiBase }],
    paths,
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: sessionCookie } },
      responses: problems(),
      schemas: schemasByName(named),
    },
  }
}
