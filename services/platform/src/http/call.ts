/** What a handler is given and what it answers, typed by the route table. Nothing here knows the HTTP server. */
import type { Permission, Role, RouteName, routes, Scope } from '@hub/contracts'
import type { Devices, Units } from '@hub/core'

type Routes = typeof routes
type Output<R, Part extends string> = R extends { [P in Part]: { _zod: { output: infer T } } } ? T : undefined

export type Language = 'zh' | 'en'

/** Who asks, and what he may see. */
export type Viewer = {
  user: string
  role: Role
  permissions: readonly Permission[]
  scope: Scope
  unit: string | null
  /** Whose work orders he sees, and which devices within the scope. */
  units: Units
  devices: Devices
  /** SHA-256 of the cookie's token. */
  session: string
  /** Absolute end of the session, UTC milliseconds. */
  expiresAt: number
  /** Nothing but changing the password is answered. */
  mustChange: boolean
}

export type Call<N extends RouteName> = {
  viewer: Routes[N]['needs'] extends 'public' ? undefined : Viewer
  params: Output<Routes[N], 'params'>
  query: Output<Routes[N], 'query'>
  body: Output<Routes[N], 'body'>
  language: Language
  /** Where the call comes from, and the token of the session that it was made in, if any. */
  client: { address: string; token: string | undefined }
  /** Aborted when the client goes away: nobody reads the answer any more. */
  gone: AbortSignal
  /** The file of a route that takes one. @throws HubError `request.too-large` beyond so many bytes, at most `uploadLimit` */
  upload(most?: number): Promise<Buffer>
}

/** Bytes of a file that may come. */
export const uploadLimit = 33_554_432

/** JSON of the route's response; nothing for a 204. */
type Answer<N extends RouteName> = Routes[N] extends { response: { _zod: { output: infer T } } } ? T : undefined

/** The JSON of an answer, UTF-8, made elsewhere and handed on piece by piece. */
export type JsonParts = AsyncGenerator<Uint8Array, void>

/** A file for the one who asked. */
export class Download {
  readonly type: string
  /** As it is kept; may be Chinese. `ascii`: for programs that know no RFC 8187. */
  readonly name: { full: string; ascii?: string }
  readonly content: string | Uint8Array | AsyncIterable<string | Uint8Array>
  /** Bytes, where they are known before. */
  readonly length: number | undefined

  constructor(type: string, name: Download['name'], content: Download['content'], length?: number) {
    this.type = type
    this.name = name
    this.content = content
    this.length = length
  }
}

/** An answer that begins or ends a session. */
export class SessionChange<T> {
  readonly value: T
  /** Undefined: the session is over. */
  readonly token: string | undefined
  readonly maxAgeSeconds: number

  constructor(value: T, token?: string, maxAgeSeconds = 0) {
    this.value = value
    this.token = token
    this.maxAgeSeconds = maxAgeSeconds
  }
}

type Given<N extends RouteName> = Answer<N> | JsonParts | Download | SessionChange<Answer<N>>

/** Routes that the API answers by itself, on the open connection. */
export type OwnRoute = 'stream'
export type Handler<N extends RouteName> = (call: Call<N>) => Given<N> | Promise<Given<N>>
export type Handlers = { [N in Exclude<RouteName, OwnRoute>]: Handler<N> }
