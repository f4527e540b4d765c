/**
 * The rung above ONVIF: does the stream describe itself (RTSP DESCRIBE, RFC 2326 10.2, over TCP)? No media flows. The
 * address comes from the camera's own GetStreamUri, so only its port and path are believed: the host is the approved one.
 */
import { randomBytes } from 'node:crypto'
import type { Explanation } from '@hub/contracts'
import type { Clock } from '@hub/platform'
import {
  answerDigest,
  type Challenge,
  Connection,
  type Credential,
  type ExchangeRecorder,
  type Limits,
  OnvifFault,
  parseChallenges,
  pickDigest,
} from '../onvif/index.ts'
import { readSdp, type StreamDescription } from './sdp.ts'

/** Tries of one credential in a row: cameras lock an account for RTSP too. */
const maxTries = 2

const fault = (reason: 'unauthorised' | 'no-stream', detail: string) => new OnvifFault('describes', reason, detail)

export class RtspProbe {
  readonly #clock: Clock
  readonly #host: string
  readonly #credential: Credential | undefined
  readonly #limits: Limits
  readonly #recorder: ExchangeRecorder | undefined
  #refusals = 0
  #connection: Connection | undefined

  /** @param host of the approved address. */
  constructor(options: {
    clock: Clock
    host: string
    credential: Credential | undefined
    limits: Limits
    recorder?: ExchangeRecorder
  }) {
    this.#recorder = options.recorder
    this.#clock = options.clock
    this.#host = options.host
    this.#credential = options.credential
    this.#limits = options.limits
  }

  /** Another conversation with the same stream had its login refused. */
  countRefusal(): void {
    this.#refusals++
  }
  /** An operator asks: one more try. */
  allowAnotherTry(): void {
    this.#refusals = Math.min(this.#refusals, maxTries - 1)
  }

  get login(): Explanation['credential']['stream'] {
    return { tries: maxTries, triesLeft: Math.max(0, maxTries - this.#refusals) }
  }

  /** Throws an OnvifFault of the rung `describes`. */
  async describe(streamUri: string): Promise<StreamDescription> {
    if (this.#refusals >= maxTries)
      throw fault(
        'unauthorised',
        'the stream refused the credential twice: it is tried again when an operator asks (probe or identify)',
      )
    const url = new URL(streamUri)
    const tls = url.protocol === 'rtsps:'
    url.hostname = this.#host.includes(':') ? `[${this.#host}]` : this.#host
    const target = { host: this.#host, port: Number(url.port) || (tls ? 322 : 554), tls }
    const until = this.#clock.now() + this.#limits.deadlineMs
    this.#connection = new Connection(this.#clock, target, this.#limits, { protocol: 'RTSP', recorder: this.#recorder })
    try {
      return await this.#ask(url.href, until)
    } finally {
      this.close()
    }
  }

  close(): void {
    this.#connection?.close()
    this.#connection = undefined
  }

  async #ask(uri: string, until: number): Promise<StreamDescription> {
    const send = (sequence: number, challenge?: Challenge) => {
      // A stream that closes after its 401 is asked over a new connection by the next look.
      if (!this.#connection) throw fault('no-stream', 'the connection was closed')
      return this.#connection.request(this.#request(uri, sequence, challenge), Math.max(1, until - this.#clock.now()))
    }
    let response = await send(1)
    if (response.status === 401) {
      const challenge = pickDigest(parseChallenges(response.challenges))
      if (!challenge || !this.#credential)
        throw fault('unauthorised', 'the stream wants a login that there is not, or offers no digest')
      response = await send(2, challenge)
      if (response.status === 401 || response.status === 403) {
        this.#refusals++
        throw fault('unauthorised', 'the stream refuses the credential')
      }
      this.#refusals = 0
    }
    if (response.status !== 200) throw fault('no-stream', `RTSP ${response.status}`)
    const description = readSdp(response.body.toString('utf8'))
    if (!description) throw fault('no-stream', 'the description holds no video')
    return description
  }

  #request(uri: string, sequence: number, challenge: Challenge | undefined): string {
    const { user, password } = this.#credential ?? { user: '', password: '' }
    const cnonce = randomBytes(8).toString('hex')
    const authorization =
      challenge && answerDigest(challenge, { method: 'DESCRIBE', uri, user, password, count: 1, cnonce })
    return `DESCRIBE ${uri} RTSP/1.0\r\nCSeq: ${sequence}\r\nAccept: application/sdp\r\n${authorization ? `Authorization: ${authorization}\r\n` : ''}\r\n`
  }
}
