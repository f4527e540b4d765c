/** For tests: a TCP server on loopback that answers whatever it is told to, byte for byte. */
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions, Server as TlsServer } from 'node:tls'
import { createSystemClock } from '@hub/platform'
import type { Limits } from './connection.ts'
import { CameraSession, type Credential } from './session.ts'

export type Asked = { head: string; body: string; path: string; authorization: string | undefined }
/** Text or bytes to send, or what to do with the socket. */
export type Answer = string | Buffer | ((socket: Socket) => void)

export interface FakeCamera extends AsyncDisposable {
  readonly port: number
  readonly asked: Asked[]
  /** Connections accepted. */
  readonly connections: number
  /** From now on, where it speaks TLS. */
  useCertificate(tls: TlsOptions): void
}

export const fixture = (name: string): Buffer => readFileSync(new URL(`./fixtures/${name}.http`, import.meta.url))

export const ok = (body: string, extra = ''): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${extra}\r\n${body}`

export const soap = (body: string): string =>
  `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>${body}</s:Body></s:Envelope>`

export async function fakeCamera(
  answer: (asked: Asked, index: number) => Answer,
  tls?: TlsOptions,
  host = '127.0.0.1',
): Promise<FakeCamera> {
  const asked: Asked[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const serve = (socket: Socket) => {
    connections++
    socket.on('error', () => {})
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes.toString('utf8')
      const end = text.indexOf('\r\n\r\n')
      const length = Number(/content-length: *(\d+)/i.exec(text)?.[1] ?? 0)
      if (end < 0 || Buffer.byteLength(text.slice(end + 4)) < length) return
      const head = text.slice(0, end)
      const request = {
        head,
        body: text.slice(end + 4),
        path: head.split(' ')[1] ?? '',
        authorization: /^authorization: *(.*)$/im.exec(head)?.[1]?.trim(),
      }
      text = ''
      const said = answer(request, asked.push(request) - 1)
      if (typeof said === 'function') said(socket)
      else if (/^connection: *keep-alive/im.test(said.toString().slice(0, 500))) socket.write(said)
      else socket.end(said)
    })
  }
  const server = tls ? createTlsServer(tls, serve) : createServer(serve)
  // Below TLS too: a connection that ends before its handshake does would keep the server from closing.
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    get connections() {
      return connections
    },
    useCertificate(options) {
      if (server instanceof TlsServer) server.setSecureContext(options)
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const clock = createSystemClock()

export const sessionWith = (
  camera: { port: number },
  options: {
    credential?: Credential
    limits?: Partial<Limits>
    tls?: boolean
    trusts?: (fingerprint: string) => boolean
  } = {},
): CameraSession =>
  new CameraSession({
    clock,
    target: { host: '127.0.0.1', port: camera.port, tls: options.tls ?? false, trusts: options.trusts },
    path: '/onvif/device_service',
    credential: options.credential,
    limits: { deadlineMs: 2_000, connectMs: 1_000, maxBytes: 524_288, ...options.limits },
  })
