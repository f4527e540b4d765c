/** The API as a module of the centre: composes its parts, starts listening, ends every stream when it stops. */
import { fileURLToPath } from 'node:url'
import { createAdjustmentIndex, type Deps, type Module, type Running } from '@hub/platform'
import { createAuditLinks } from './audit-links.ts'
import { createCommander } from './commander.ts'
import type { Context } from './handlers/context.ts'
import { createHandlers } from './handlers/index.ts'
import { createApp } from './http/app.ts'
import { type HttpServer, listen } from './http/server.ts'
import { createExemptMarker } from './live/exempt.ts'
import { createFeed } from './live/feed.ts'
import { createFigures } from './live/figures.ts'
import { createFollower } from './live/follow.ts'
import { createLiveModel } from './live/model.ts'
import { createNotice } from './notice.ts'
import { createRegistryNotice } from './registry-changed.ts'
import { readToken } from './session/cookie.ts'
import { createLockout } from './session/lockout.ts'
import { createPasswords, type PasswordCost } from './session/passwords.ts'
import { createSessions, type Sessions } from './session/sessions.ts'
import { createUsers } from './session/users.ts'
import { createStreamHub, type StreamHub } from './stream/hub.ts'
import type { RingLimits } from './stream/ring.ts'

export type ApiOptions = {
  /** Folder of the built console; default `console/dist` of the repository. */
  consoleDir?: string
  passwordCost?: PasswordCost
  ringLimits?: RingLimits
  /** Where the first logins are shown, once; default a line on stdout, never the log. */
  showFirstLogin?(user: string, password: string): void
}

export type Api = Running & { readonly port: number }

const defaultConsole = fileURLToPath(new URL('../../../console/dist', import.meta.url))
const onStdout = (user: string, password: string) =>
  process.stdout.write(`first login: user ${user} password ${password}\n`)

export function createApi(deps: Deps, options: ApiOptions = {}): Api {
  const { clock, record, config } = deps
  const { showFirstLogin = onStdout, consoleDir = defaultConsole } = options
  const passwords = createPasswords(options.passwordCost)
  const model = createLiveModel()
  const feed = createFeed()
  const figures = createFigures(deps)
  // Sessions end streams, and streams ask whether their session holds: each is told of the other.
  const sessions: Sessions = createSessions({
    clock,
    record,
    passwords,
    lockout: createLockout(clock),
    onEnd: (session) => stream.endSession(session),
  })
  const stream: StreamHub = createStreamHub({
    ...deps,
    model,
    alive: sessions.alive,
    ...(options.ringLimits ? { limits: options.ringLimits } : {}),
  })
  const users = createUsers({ clock, record, passwords })
  const commander = createCommander(deps)
  const adjustments = createAdjustmentIndex(record.sqlite)
  const markExempt = createExemptMarker({ clock, record, adjustments, model })
  const follower = createFollower(deps, { model, feed, figures, stream, markExempt })
  const context: Context = {
    ...deps,
    sessions,
    users,
    adjustments,
    model,
    feed,
    figures,
    stream,
    commander,
    registryChanged: createRegistryNotice(deps),
    notice: createNotice(deps),
  }
  const app = createApp({
    deps,
    handlers: createHandlers(context),
    authenticate: (req) => sessions.viewerOf(readToken(req)),
    consoleDir,
  })
  const auditLinks = createAuditLinks(deps)
  let server: HttpServer | undefined

  return {
    get port() {
      return server?.port ?? 0
    },
    async start() {
      await users.createFirst(config.adminPassword, showFirstLogin)
      await commander.start()
      await follower.start()
      auditLinks.start()
      server = await listen(app, config.http)
    },
    async stop() {
      stream.close()
      await server?.close()
      await follower.stop()
      await commander.stop()
      await auditLinks.stop()
    },
  }
}

export const apiModule: Module = { name: 'api', create: (deps) => createApi(deps) }
