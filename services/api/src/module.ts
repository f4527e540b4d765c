/** The API as a module of the centre: mounts the rooms' routes, listens, and ends every stream when it stops. */
import { fileURLToPath } from 'node:url'
import type { Deps, Handlers, Module, PlatformConfig, Routes, Running } from '@hub/platform'
import { createApp } from './http/app.ts'
import { readToken } from './http/cookie.ts'
import { type HttpServer, listen } from './http/server.ts'
import { createEventStream } from './stream/event-stream.ts'
import type { RingLimits } from './stream/ring.ts'

export type ApiOptions = {
  /** Folder of the built console; default `console/dist` of the repository. */
  consoleDir?: string
  /** What the live stream keeps of each channel, so that a client that comes back gets what it missed. */
  ringLimits?: RingLimits
}

export type Api = Running & { readonly port: number }

const defaultConsole = fileURLToPath(new URL('../../../console/dist', import.meta.url))

/** @param rooms whose routes are mounted. @throws TypeError when no room, or more than one, answers a route */
export function createApi<C extends PlatformConfig>(
  rooms: readonly Module<C>[],
  deps: Deps<C>,
  { consoleDir = defaultConsole, ringLimits }: ApiOptions = {},
): Api {
  const { bus, clock, config, metrics, sessions } = deps
  const stream = createEventStream({ clock, metrics, alive: sessions.alive, limits: ringLimits })
  const routes = rooms.flatMap((room) => room.routes?.({ ...deps, stream }) ?? [])
  const app = createApp({
    deps,
    handlers: allHandlers(routes),
    health: () => routes.flatMap(({ health }) => health?.() ?? []),
    own: {
      stream(viewer, req, res) {
        const seen = req.headers['last-event-id']
        stream.open(res, viewer, typeof seen === 'string' ? seen : undefined)
      },
    },
    authenticate: (req) => sessions.viewerOf(readToken(req)),
    consoleDir,
  })
  const endings: (() => Promise<unknown> | unknown)[] = []
  let server: HttpServer | undefined

  return {
    get port() {
      return server?.port ?? 0
    },
    async start() {
      sessions.onEnd(stream.endSession)
      endings.push(await bus.subscribe('changed', stream.changed))
      for (const room of routes) {
        await room.start?.()
        if (room.stop) endings.push(room.stop)
      }
      server = await listen(app, config.http)
    },
    async stop() {
      stream.close()
      await server?.close()
      for (const end of endings.splice(0).reverse()) await end()
    },
  }
}

function allHandlers(routes: readonly Routes[]): Partial<Handlers> {
  const names = routes.flatMap(({ handlers }) => Object.keys(handlers))
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new TypeError(`two rooms answer ${twice}`)
  return Object.assign({}, ...routes.map(({ handlers }) => handlers))
}

/** @param rooms whose routes it mounts */
export const createApiModule = <C extends PlatformConfig>(
  rooms: readonly Module<C>[],
  options?: ApiOptions,
): Module<C> => ({
  name: 'api',
  create: (deps) => createApi(rooms, deps, options),
})
