/**
 * One TCP or TLS connection to a camera: bytes out, one HTTP answer back, and never longer than the deadline. A bare
 * socket and not http.Agent, whose bookkeeping costs several times the call itself.
 */
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { Clock } from '@hub/platform'
import { OnvifFault } from './fault.ts'
import { type HttpResponse, type Protocol, ResponseReader } from './http.ts'
import type { ExchangeRecorder } from './recorder.ts'

export type Target = {
  /** IP address, or a name that an operator has confirmed. */
  host: string
  port: number
  tls: boolean
  /** SHA-256 fingerprint of the certificate, hex; any certificate is accepted when absent. */
  pin?: string | undefined
}

export type Limits = {
  /** Milliseconds for the whole call. */
  deadlineMs: number
  /** Milliseconds to connect: a camera that is there answers the SYN, or its first repetition after 1 s. */
  connectMs: number
  /** Bytes of a body. */
  maxBytes: number
}

/** Every plain socket reads into this one buffer; the reader copies what it keeps, before the next read. */
const readBuffer = Buffer.allocUnsafe(65_536)

export class Connection {
  readonly #clock: Clock
  readonly #target: Target
  readonly #limits: Limits
  readonly #protocol: Protocol
  #socket: Socket | undefined
  #connected = false
  #reader: ResponseReader | undefined
  #settle: { resolve: (response: HttpResponse) => void; reject: (fault: OnvifFault) => void } | undefined
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
    return this.#connected && this.#socket !== undefined
  }

  /** Sends a whole request and reads its answer. One at a time. @param ms what is left of the deadline of the call. */
  request(message: string, ms = this.#limits.deadlineMs): Promise<HttpResponse> {
    const answer = this.#exchange(message, ms)
    return this.#recorder ? this.#recorder.watch(message, answer) : answer
  }

  #exchange(message: string, ms: number): Promise<HttpResponse> {
    const reader = new ResponseReader(this.#limits.maxBytes, this.#protocol)
    this.#reader = reader
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      if (this.#socket) {
        this.#cancel = this.#clock.after(ms, () => this.#fail(this.#late()))
        this.#socket.write(message)
        return
      }
      const left = ms - this.#limits.connectMs
      this.#cancel = this.#clock.after(Math.min(ms, this.#limits.connectMs), () => {
        if (!this.#connected || left <= 0) return this.#fail(this.#late())
        this.#cancel = this.#clock.after(left, () => this.#fail(this.#late()))
      })
      this.#socket = this.#target.tls ? this.#openTls(message) : this.#openTcp(message)
    })
  }

  /** Fails what is under way. */
  close(): void {
    this.#release()?.reject(new OnvifFault('reachable', 'gateway-network', 'the call was given up'))
    this.#drop()
  }

  #drop(): void {
    this.#connected = false
    this.#socket?.destroy()
    this.#socket = undefined
  }

  #openTcp(message: string): Socket {
    const { host, port } = this.#target
    const onread = { buffer: readBuffer, callback: (size: number) => this.#read(readBuffer.subarray(0, size)) }
    const socket = connectTcp({ host, port, onread })
    // Only now: what is written before has to be kept and watched over by the socket.
    socket.on('connect', () => {
      this.#connected = true
      socket.write(message)
    })
    this.#watch(socket)
    return socket
  }

  #openTls(message: string): TLSSocket {
    const { host, port, pin } = this.#target
    // Self-signed is the rule on cameras and TLS 1.0 still common; identity comes from the pin, never from a CA.
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
      const fingerprint = socket.getPeerCertificate().fingerprint256?.replaceAll(':', '').toLowerCase()
      if (pin !== undefined && fingerprint !== pin.toLowerCase())
        return this.#fail(
          new OnvifFault('answers', 'tls', `the certificate ${fingerprint ?? 'none'} is not the pinned one`),
        )
      socket.write(message)
    })
    socket.on('data', (bytes: Buffer) => this.#read(bytes))
    this.#watch(socket)
    return socket
  }

  #watch(socket: Socket): void {
    socket.on('error', (error: NodeJS.ErrnoException) => this.#fail(this.#faultOf(error)))
    // Half-open is off: the peer's end closes the socket.
    socket.on('close', () => this.#ended())
  }

  #read(bytes: Buffer): boolean {
    try {
      const response = this.#reader?.feed(bytes)
      if (response) this.#succeed(response)
    } catch (error) {
      this.#fail(error as OnvifFault)
    }
    return true
  }

  #ended(): void {
    if (!this.#reader) {
      this.#drop()
      return
    }
    try {
      this.#succeed(this.#reader.end())
    } catch (error) {
      this.#fail(error as OnvifFault)
    }
  }

  #succeed(response: HttpResponse): void {
    const settle = this.#release()
    if (!response.keepAlive) this.#drop()
    settle?.resolve(response)
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
