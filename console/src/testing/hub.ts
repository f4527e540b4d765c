/**
 * A hub of the test, behind a real HTTP server: it answers what the test says, and only what the contracts allow, by the table of
 * routes. What the console asks is checked by the same table. A question that no test expected fails the test.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  apiBase,
  type Permission,
  type Problem,
  type Role,
  type Route,
  type RouteName,
  rolePermissions,
  routes,
  type Session,
  type StreamEvent,
} from '@hub/contracts'
import { cleanup } from '@testing-library/svelte'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { setLanguage } from '../i18n/language.svelte.ts'
import { askSession, logOut } from '../session/session.svelte.ts'
import { devicePage } from '../shared/devices/registry.svelte.ts'
import { cityOverview } from '../shared/overview/overview.svelte.ts'

type Routes = typeof routes
type Answer<N extends RouteName> = Routes[N] extends { response: { parse: (value: unknown) => infer T } }
  ? T
  : undefined
export type Asked = { params: Record<string, string>; query: Record<string, unknown>; body: unknown }
type Reply = { status: number; value: unknown }
type Handler = (asked: Asked) => Reply

declare global {
  interface Window {
    happyDOM: { setURL(url: string): void }
  }
}

class TestHub {
  readonly #handlers = new Map<RouteName, Handler>()
  /** Of the test before: what it left under way is not asked by this one. */
  #before = new Set<RouteName>()
  readonly #asked = new Map<RouteName, Asked[]>()
  readonly #streams = new Set<ServerResponse>()
  readonly unexpected: string[] = []
  readonly server = createServer((request, response) => void this.#serve(request, response))

  /** From now on the route answers this; a function is called with what was asked. */
  answers<N extends RouteName>(name: N, answer: Answer<N> | ((asked: Asked) => Answer<N>)): void {
    this.#handlers.set(name, (asked) => {
      const value = typeof answer === 'function' ? (answer as (asked: Asked) => Answer<N>)(asked) : answer
      return { status: 'response' in routes[name] ? 200 : 204, value }
    })
  }

  /** From now on the route is refused, with the hub's words. */
  refuses(name: RouteName, status: number, detail: string, action = '', code = 'test'): void {
    const value: Problem = { type: 'about:blank', title: detail, status, code, detail, action }
    this.#handlers.set(name, () => ({ status, value }))
  }

  /** What was asked of a route so far, the last at the end. */
  asked = (name: RouteName): readonly Asked[] => this.#asked.get(name) ?? []

  /** Sends an event to every open stream. */
  send({ event, data }: StreamEvent): void {
    for (const stream of this.#streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  get streams(): number {
    return this.#streams.size
  }

  reset(): void {
    this.#before = new Set(this.#handlers.keys())
    this.#handlers.clear()
    this.#asked.clear()
    this.unexpected.length = 0
    this.closeStreams()
  }

  closeStreams(): void {
    for (const stream of this.#streams) stream.end()
    this.#streams.clear()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://hub')
    const text = await textOf(request)
    const found = find(request.method ?? 'GET', url.pathname)
    if (found?.name === 'stream' && !this.#handlers.has('stream')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
      this.#streams.add(response)
      return
    }
    const handler = found && this.#handlers.get(found.name)
    if (!found || !handler) {
      if (!found || !this.#before.has(found.name)) this.unexpected.push(`${request.method} ${request.url}`)
      response.writeHead(404).end()
      return
    }
    const { status, value } = this.#reply(found, handler, url.searchParams, text, request.headers['content-type'])
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(value === undefined ? undefined : JSON.stringify(value))
  }

  #reply({ name, params }: Found, handler: Handler, search: URLSearchParams, text: string, type = ''): Reply {
    const route: Route = routes[name]
    try {
      const query = route.query ? (route.query.parse(listsOf(search)) as Asked['query']) : {}
      const body = type.includes('json') ? JSON.parse(text) : text
      if (route.body && type.includes('json')) route.body.parse(body)
      const asked = { params, query, body }
      this.#asked.set(name, [...this.asked(name), asked])
      const reply = handler(asked)
      if (reply.status === 200) route.response?.parse(reply.value)
      return reply
    } catch (error) {
      this.unexpected.push(`${name}: ${String(error)}`)
      return { status: 500, value: undefined }
    }
  }
}

type Found = { name: RouteName; params: Record<string, string> }

function find(method: string, path: string): Found | null {
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    if (route.method !== method.toLowerCase()) continue
    const shape = new RegExp(
      `^${apiBase}${route.path.replaceAll('.', '\\.').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`,
    )
    const match = shape.exec(path)
    if (match) return { name, params: { ...match.groups } }
  }
  return null
}

/** A name that is given more than once is a list, as the hub reads it. */
function listsOf(search: URLSearchParams): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {}
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name)
    query[name] = values.length > 1 ? values : (values[0] ?? '')
  }
  return query
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** Call once in a test file: a hub for its tests, each of which begins with no answers. */
export function useHub(): TestHub {
  const hub = new TestHub()
  beforeAll(async () => {
    await new Promise<void>((done) => hub.server.listen(0, '127.0.0.1', done))
    window.happyDOM.setURL(`http://127.0.0.1:${(hub.server.address() as AddressInfo).port}/`)
  })
  afterEach(async () => {
    // What is still on the page would ask once more when the session ends.
    cleanup()
    for (const kept of [devicePage, cityOverview]) kept.clear()
    setLanguage('zh')
    visit('/')
    hub.answers('logout', undefined)
    await logOut()
    const unexpected = [...hub.unexpected]
    hub.reset()
    expect(unexpected, 'what the test did not expect').toEqual([])
  })
  afterAll(async () => {
    hub.closeStreams()
    await new Promise<void>((done) => {
      hub.server.close(() => done())
      hub.server.closeAllConnections()
    })
  })
  return hub
}

/** Somebody with this role is logged in. */
export async function logInAs(hub: TestHub, role: Role, more: Partial<Session> = {}): Promise<void> {
  const permissions: Permission[] = [...rolePermissions[role]]
  hub.answers('whoami', {
    user: 'wang',
    role,
    permissions,
    districts: 'city',
    unit: null,
    mustChangePassword: false,
    expiresAt: Date.now() + 3_600_000,
    ...more,
  })
  await askSession()
}

/** Goes to an address of the console. */
export function visit(path: string): void {
  history.replaceState(null, '', path)
  dispatchEvent(new PopStateEvent('popstate'))
}
