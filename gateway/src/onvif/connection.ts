/**
 * One TCP or TLS connection to a camera: bytes out, one HTTP answer back, and never longer than the deadline. A bare
 * socket and not http.Agent, whose bookkeeping costs several times the call itself.
 */
import { connect as connectTls } from 'node:tls'
import type { Clock } from '@hub/platform'
import { OnvifFault } from './fault.ts'
import { type HttpResponse, type PartialResponse, type Protocol, ResponseReader } from './http.ts'
import type { ExchangeLabel, ExchangeRecorder } from './recorder.ts'
import { type Line, openLine } from './sockets.ts'

export type Target = {
  /** IP address. */
  host: string
  port: number
  tls: boolean
  /** Whether a certificate is trusted, by its SHA-256 fingerprint, hex; any is when absent. */
  trusts?: ((fingerprint: string) => boolean) | undefined
}

export type Limits = {
  /** Milliseconds for the whole call. */
  deadlineMs: number
  /** Milliseconds to connect: a camera that is there answers the SYN, or its first repetition after 1 s. */
  connectMs: number
  /** Bytes of a body. */
  maxBytes: number
}

const headEnd = '\r\n\r\n'

/** Reads the one field that is asked for from bytes that are the whole of a plain success; undefined leaves them to the full reader. */
export type FastPath = (bytes: Buffer) => number | undefined

export class Connection {
  readonly #clock: Clock
  readonly #target: Target
  readonly #limits: Limits
  readonly #protocol: Protocol
  #line: Line | undefined
  #connected = false
  #reader: ResponseReader | undefined
  #fastPath: FastPath | undefined
  #settle:
    | { resolve: (answer: HttpResponse | PartialResponse) => void; reject: (fault: OnvifFault) => void }
    | undefined
  #cancel: (() => void) | undefined

  readonly #recorder: ExchangeRecorder | undefined

  constructor(
    clock: Clock,
    target: Target,
    limits: Limits,
    { protocol = 'HTTP', recorder }: { protocol?: Protocol; recorder?: ExchangeRecorder | undefined } = {},
  ) {
    this.#clock = clock
    this.#target = target
    this.#limits = limits
    this.#protocol = protocol
    this.#recorder = recorder
  }

  /** Whether a further request may go over this connection. */
  get open(): boolean {
    return this.#connected && this.#line !== undefined
  }

  /** Sends a whole request and reads its answer. One at a time. @param ms what is left of the deadline of the call. */
  request(message: string, ms = this.#limits.deadlineMs): Promise<HttpResponse> {
    const answer = this.#exchange<HttpResponse>(message, ms)
    return this.#recorder ? this.#recorder.watch(message, answer) : answer
  }

  /** The same for one field, which the fast path reads from most answers. A partial response ends the connection. */
  requestField(message: string, fastPath: FastPath, label: ExchangeLabel): Promise<HttpResponse | PartialResponse> {
    // Whoever reads the exchanges is shown the whole answer.
    if (!this.#recorder?.watched) this.#fastPath = fastPath
    const answer = this.#exchange<HttpResponse | PartialResponse>(message, this.#limits.deadlineMs)
    return this.#recorder ? this.#recorder.watch(message, answer, label) : answer
  }

  #exchange<A>(message: string, ms: number): Promise<A> {
    return new Promise<A>((resolve, reject) => {
      this.#settle = { resolve: resolve as (answer: unknown) => void, reject }
      if (this.#line) {
        this.#cancel = this.#clock.after(ms, () => this.#fail(this.#late()))
        this.#line.write(message)
        return
      }
      const left = ms - this.#limits.connectMs
      this.#cancel = this.#clock.after(Math.min(ms, this.#limits.connectMs), () => {
        if (!this.#connected || left <= 0) return this.#fail(this.#late())
        this.#cancel = this.#clock.after(left, () => this.#fail(this.#late()))
      })
      this.#line = this.#target.tls ? this.#openTls(message) : this.#openTcp(message)
    })
  }

  /** Fails what is under way. */
  close(): void {
    this.#release()?.reject(new OnvifFault('reachable', 'gateway-network', 'the call was given up'))
    this.#drop()
  }

  #drop(): void {
    this.#connected = false
    this.#line?.drop()
    this.#line = undefined
  }

  #openTcp(message: string): Line {
    const line = openLine(this.#target.host, this.#target.port, {
      // Only now: what is written before has to be kept and watched over by the socket.
      connected: () => {
        this.#connected = true
        line.write(message)
      },
      read: (bytes) => this.#read(bytes),
      failed: (error) => this.#fail(this.#faultOf(error)),
      closed: () => this.#ended(),
    })
    return line
  }

  #openTls(message: string): Line {
    const { host, port, trusts } = this.#target
    // Self-signed is the rule on cameras and TLS 1.0 still common; identity comes from the certificate itself, never from a CA.
    const socket = connectTls({
      host,
      port,
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    // The TCP connection standing is enough to be reachable; a handshake that hangs is another rung's fault.
    socket.once('connect', () => {
      this.#connected = true
    })
    socket.once('secureConnect', () => {
      const fingerprint = socket.getPeerCertificate().fingerprint256?.replaceAll(':', '').toLowerCase() ?? 'none'
      if (trusts && !trusts(fingerprint))
        return this.#fail(
          new OnvifFault('answers', 'certificate', `the certificate ${fingerprint} is not the one that is trusted`),
        )
      socket.write(message)
    })
    socket.on('data', (bytes: Buffer) => this.#read(bytes))
    socket.on('error', (error: NodeJS.ErrnoException) => this.#fail(this.#faultOf(error)))
    socket.on('close', () => this.#ended())
    return { write: (text) => socket.write(text), drop: () => socket.destroy() }
  }

  #read(bytes: Buffer): void {
    if (!this.#settle) return
    const fastPath = this.#fastPath
    this.#fastPath = undefined
    const value = fastPath?.(bytes)
    try {
      if (value !== undefined)
        this.#succeed({ bytes: bytes.length - bytes.indexOf(headEnd) - headEnd.length, value }, false)
      else {
        const response = this.#reading().feed(bytes)
        if (response) this.#succeed(response, response.keepAlive)
      }
    } catch (error) {
      this.#fail(error as OnvifFault)
    }
  }

  #ended(): void {
    if (!this.#settle) {
      this.#drop()
      return
    }
    try {
      this.#succeed(this.#reading().end(), false)
    } catch (error) {
      this.#fail(error as OnvifFault)
    }
  }

  #reading(): ResponseReader {
    this.#reader ??= new ResponseReader(this.#limits.maxBytes, this.#protocol)
    return this.#reader
  }

  #succeed(answer: HttpResponse | PartialResponse, keepAlive: boolean): void {
    const settle = this.#release()
    if (!keepAlive) this.#drop()
    settle?.resolve(answer)
  }

  #fail(fault: OnvifFault): void {
    const settle = this.#release()
    this.#drop()
    settle?.reject(fault)
  }

  #release() {
    const settle = this.#settle
    this.#settle = undefined
    this.#reader = undefined
    this.#cancel?.()
    this.#cancel = undefined
    return settle
  }

  #late(): OnvifFault {
    return this.#connected
      ? new OnvifFault('answers', 'timeout', `no whole answer within ${this.#limits.deadlineMs} ms`)
      : new OnvifFault('reachable', 'timeout', `no connection within ${this.#limits.connectMs} ms`)
  }

  #faultOf(error: NodeJS.ErrnoException): OnvifFault {
    const code = error.code ?? ''
    if (isOwnNetwork(code)) return new OnvifFault('reachable', 'gateway-network', `the gateway cannot send: ${code}`)
    if (code === 'ECONNREFUSED') return new OnvifFault('reachable', 'refused', 'the camera refuses the connection')
    if (code === 'EHOSTUNREACH') return new OnvifFault('reachable', 'unreachable', 'no route to the camera')
    if (code === 'ETIMEDOUT')
      return new OnvifFault(this.#connected ? 'answers' : 'reachable', 'timeout', 'the connection timed out')
    if (this.#target.tls && this.#connected && !/^E(CONNRESET|PIPE)$/.test(code))
      return new OnvifFault('answers', 'tls', `TLS failed: ${code || error.message.slice(0, 80)}`)
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
      return new OnvifFault('reachable', 'unreachable', 'the name of the camera is not known')
    // A reset answers an established connection (a refused one has its own code), even when we did not see it stand.
    return new OnvifFault('answers', 'reset', 'the camera reset the connection')
  }
}

/** Errors of the gateway's own machine: no route at all, no descriptors, no ports, a firewall here. They say nothing about the camera. */
export const isOwnNetwork = (code = ''): boolean => ownNetwork.has(code)
const ownNetwork = new Set([
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EPERM',
  'EACCES',
])
