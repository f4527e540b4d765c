/** The part of Express 5 that this room uses: the package brings no types. */
declare module 'express' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export interface Request extends IncomingMessage {
    method: string
    url: string
    originalUrl: string
    path: string
    params: { [name: string]: string }
    query: { [name: string]: unknown }
    /** Of the client; of the proxy's client when the proxy is on this machine. */
    ip: string | undefined
    secure: boolean
    acceptsLanguages(...languages: string[]): string | false
    acceptsEncodings(...encodings: string[]): string | false
  }
  export interface Response extends ServerResponse {
    status(code: number): this
    json(body: unknown): this
    type(type: string): this
    set(name: string, value: string): this
    vary(name: string): this
    send(body: string | Buffer): this
    sendFile(
      path: string,
      options: { root: string; headers?: { [name: string]: string } },
      done: (err?: Error) => void,
    ): void
  }
  export type Next = (err?: unknown) => void
  type Handler = (req: Request, res: Response, next: Next) => unknown
  type ErrorHandler = (err: unknown, req: Request, res: Response, next: Next) => unknown

  interface Routes {
    use(handler: Handler | ErrorHandler): this
    use(path: string, handler: Handler): this
    get(path: string, handler: Handler): this
    post(path: string, handler: Handler): this
    patch(path: string, handler: Handler): this
    delete(path: string, handler: Handler): this
  }
  export interface Express extends Routes {
    (req: IncomingMessage, res: ServerResponse): void
    set(name: string, value: unknown): this
    disable(name: string): this
  }
  interface StaticOptions {
    index?: string | false
    fallthrough?: boolean
    dotfiles?: 'allow' | 'deny' | 'ignore'
    setHeaders?(res: ServerResponse, path: string): void
  }
  const express: { (): Express; static(root: string, options?: StaticOptions): Handler }
  export default express
}
