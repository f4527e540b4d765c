/**
 * The rung above ONVIF: does the stream describe itself (RTSP DESCRIBE, RFC 2326 10.2, over TCP)? No media flows. The
 * address comes from the camera's own GetStreamUri, so only its port and path are believed: the host is the approved one.
 */
import { randomBytes } from 'node:crypto'
import type { Explanation } from '@hub/contracts'
import type { Clock } from '@hub/platform'
import { type LoginBudget, type LoginService, refusalLimit } from '../login/index.ts'
import { Connection, type Limits } from '../onvif/connection.ts'
import { answerDigest, type Challenge, isStale, parseChallenges, pickDigest } from '../onvif/digest.ts'
import { busy, held, LoginRefusal, OnvifFault, spent } from '../onvif/fault.ts'
import type { ExchangeRecorder } from '../onvif/recorder.ts'
import type { Credential } from '../onvif/session.ts'
import { readSdp, type StreamDescription } from './sdp.ts'

/** The stream is not asked: what there was to refuse is spent. */
export const spentAtStream = (): OnvifFault => spent('describes', 'the stream refused the credential twice')

/**
 * Sends a request that carries the login, when the budget leaves one, and tells it the outcome. A nonce that ran out is no refusal: then
 * it is sent once more, with the one that came instead.
 * @throws LoginRefusal when it is refused
 */
export async function sendLogin<R extends { status: number; challenges: readonly string[] }>(
  { budget, service, until }: { budget: LoginBudget; service: LoginService; until: number },
  challenge: Challenge,
  send: (challenge: Challenge) => Promise<R>,
  isFirst = true,
): Promise<R> {
  const attempt = await budget.attempt(service, until)
  if (attempt === 'spent') throw spentAtStream()
  if (attempt === 'busy') throw busy('describes')
  if (attempt === 'held') throw held('describes')
  try {
    const response = await send(challenge)
    if (response.status === 401 || response.status === 403) {
      const next = pickDigest(parseChallenges(response.challenges))
      if (isFirst && next && isStale(next)) {
        attempt.unknown()
        return await sendLogin({ budget, service, until }, next, send, false)
      }
      attempt.refused()
      throw new LoginRefusal('describes', 'the stream refuses the credential')
    }
    attempt.accepted()
    return response
  } finally {
    // Unless the outcome is known.
    attempt.unknown()
  }
}

const fault = (reason: 'unauthorised' | 'no-stream', detail: string) => new OnvifFault('describes', reason, detail)

export class RtspProbe {
  readonly #clock: Clock
  readonly #host: string
  readonly #credential: Credential | undefined
  readonly #budget: LoginBudget | undefined
  readonly #limits: Limits
  readonly #recorder: ExchangeRecorder | undefined
  #service: LoginService = 'rtsp:554'
  #connection: Connection | undefined

  /** @param options.host of the approved address. @param options.budget of this host and credential. */
  constructor(options: {
    clock: Clock
    host: string
    credential: Credential | undefined
    budget: LoginBudget | undefined
    limits: Limits
    recorder?: ExchangeRecorder
  }) {
    this.#recorder = options.recorder
    this.#clock = options.clock
    this.#host = options.host
    this.#credential = options.credential
    this.#budget = options.budget
    this.#limits = options.limits
  }

  get login(): Explanation['credential']['stream'] {
    return { tries: refusalLimit, triesLeft: this.#budget?.left(this.#service) ?? refusalLimit }
  }

  /** Throws an OnvifFault of the rung `describes`. */
  async describe(streamUri: string): Promise<StreamDescription> {
    const url = new URL(streamUri)
    const tls = url.protocol === 'rtsps:'
    url.hostname = this.#host.includes(':') ? `[${this.#host}]` : this.#host
    const target = { host: this.#host, port: Number(url.port) || (tls ? 322 : 554), tls }
    this.#service = `rtsp:${target.port}`
    if (this.login.triesLeft === 0) throw spentAtStream()
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
      // A stream that closes after its 401 is asked over a new connection by the next probe.
      if (!this.#connection) throw fault('no-stream', 'the connection was closed')
      return this.#connection.request(this.#request(uri, sequence, challenge), Math.max(1, until - this.#clock.now()))
    }
    let sequence = 1
    let response = await send(sequence)
    if (response.status === 401) {
      const challenge = pickDigest(parseChallenges(response.challenges))
      if (!challenge || !this.#credential || !this.#budget)
        throw fault('unauthorised', 'the stream wants a login that there is not, or offers no digest')
      const login = { budget: this.#budget, service: this.#service, until }
      response = await sendLogin(login, challenge, (fresh) => send(++sequence, fresh))
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
