/** What a handler is given and what it answers, typed by the route table. */
import type { Permission, Role, RouteName, routes, Scope } from '@hub/contracts'
import type { Units } from '@hub/core'
import type { Request, Response } from 'express'

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
  /** Whose work orders he sees. */
  units: Units
  /** SHA-256 of the cookie's token. */
  session: string
  /** Absolute end of the session, UTC milliseconds. */
  expiresAt: number
}

export type Call<N extends RouteName> = {
  viewer: Routes[N]['needs'] extends 'public' ? undefined : Viewer
  params: Output<Routes[N], 'params'>
  query: Output<Routes[N], 'query'>
  body: Output<Routes[N], 'body'>
  language: Language
  req: Request
  res: Response
}

/** JSON of the route's response; nothing for a 204, or when the handler has written to `res` itself. */
type Answer<N extends RouteName> = Routes[N] extends { response: { _zod: { output: infer T } } } ? T : undefined

/** The JSON of an answer, UTF-8, made elsewhere and handed on piece by piece. */
export type JsonParts = AsyncGenerator<Uint8Array, void>

export type Handler<N extends RouteName> = (call: Call<N>) => Answer<N> | JsonParts | Promise<Answer<N> | JsonParts>
export type Handlers = { [N in RouteName]: Handler<N> }
