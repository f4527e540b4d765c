/**
 * A session with one camera: how it wants to be asked (WS-UsernameToken or HTTP Digest), its clock, its digest nonce, and
 * how often it has refused the credential. Nothing here is shared between cameras.
 *
 * Which scheme a camera wants is found by asking once *without* the credential, so that no try is spent on the wrong
 * one. How often it may still refuse the credential is for the login budget to say, which all paths to one host share.
 */
import { randomBytes } from 'node:crypto'
import type { Explanation } from '@hub/contracts'
import type { Clock } from '@hub/platform'
import {
  createLoginBudgets,
  type LoginAttempt,
  type LoginBudget,
  type LoginService,
  refusalLimit,
} from '../login/index.ts'
import { Connection, type Limits, type Target } from './connection.ts'
import { answerDigest, type Challenge, isStale, parseChallenges, pickDigest } from './digest.ts'
import { busy, held, LoginRefusal, malformed, OnvifFault, spent } from './fault.ts'
import type { HttpResponse, PartialResponse } from './http.ts'
import { clockRequest, readClock, readClockFast } from './read.ts'
import type { ExchangeLabel, ExchangeRecorder } from './recorder.ts'
import { faultOf, notSupported, readEnvelope, withToken } from './soap.ts'
import { defaultLimits, requestText, soapText } from './transport.ts'
import type { XmlElement } from './xml.ts'

export type Credential = {
  user: string
  password: string
  /** Allows sending the password itself to a camera that knows neither digest. */
  plainText?: boolean | undefined
}

export type SessionOptions = {
  clock: Clock
  target: Target
  /** Path of the device service. */
  path: string
  credential?: Credential | undefined
  /** Of this host and credential; one of its own when absent. */
  budget?: LoginBudget | undefined
  limits?: Limits
  random?: (bytes: number) => Buffer
  /** What it is for: a camera may refuse its events alone. */
  service?: 'onvif' | 'events'
  recorder?: ExchangeRecorder | undefined
}

/** All sessions with one camera share it. */
type SharedClock = {
  /** Camera minus gateway by what the camera says, milliseconds; null before it is known. */
  offsetMs: number | null
  /** It has refused a token made on the clock that it states, and taken one made on ours. */
  misstated: boolean
  /** What it stated when it took a token last: that token was made on the right clock. */
  provenMs: number | null
}

/** What a token is made on: the clock that the camera states, or the gateway's own. */
type TokenClock = 'stated' | 'own'
/** Cameras take a token that is a few seconds off: a second one on another clock would say the same. */
const tokenToleranceMs = 5_000

/** Said once, and not read from each request. */
const clockLabel: ExchangeLabel = { asked: 'GetSystemDateAndTime', login: 'none' }

type Scheme = 'token' | 'digest' | 'plain'
type Answer = { body: XmlElement; envelope: XmlElement; text: string }
type Outcome = { answer: Answer } | { refused: HttpResponse | undefined; text: string }

export class CameraSession {
  readonly #clock: Clock
  readonly #credential: Credential | undefined
  readonly #limits: Limits
  readonly #random: (bytes: number) => Buffer
  readonly #recorder: ExchangeRecorder | undefined
  readonly #budget: LoginBudget | undefined
  readonly #service: LoginService
  readonly #cameraClock: SharedClock
  readonly target: Target
  readonly path: string
  /** The same bytes with every probe. */
  #clockRequest: string | undefined
  #scheme: Scheme | undefined
  #challenge: Challenge | undefined
  #count = 0
  #connection: Connection | undefined

  constructor(
    options: SessionOptions,
    cameraClock: SharedClock = { offsetMs: null, misstated: false, provenMs: null },
  ) {
    this.#cameraClock = cameraClock
    this.#clock = options.clock
    this.#credential = options.credential
    this.#budget =
      options.credential && (options.budget ?? ownBudget(options.clock, options.target.host, options.credential))
    this.#service = `${options.service ?? 'onvif'}:${options.target.port}`
    this.#recorder = options.recorder
    this.#limits = options.limits ?? defaultLimits
    this.#random = options.random ?? randomBytes
    this.target = options.target
    this.path = options.path
  }

  /** Camera minus gateway by what the camera says, milliseconds; null before it is known. */
  get clockOffsetMs(): number | null {
    return this.#cameraClock.offsetMs
  }
  /** The clock that it states is not the one that it judges tokens by. */
  get clockMisstated(): boolean {
    const { misstated } = this.#cameraClock
    return misstated && this.#clockIsOff
  }
  get #clockIsOff(): boolean {
    return Math.abs(this.clockOffsetMs ?? 0) > tokenToleranceMs
  }
  /** It has not taken a token since it stated this. */
  get #clockIsDoubtful(): boolean {
    const { offsetMs, provenMs } = this.#cameraClock
    return this.#clockIsOff && (provenMs === null || Math.abs((offsetMs ?? 0) - provenMs) > tokenToleranceMs)
  }
  #proveClock(by: TokenClock): void {
    if (this.#clockIsOff) this.#cameraClock.misstated = by === 'own'
    this.#cameraClock.provenMs = this.clockOffsetMs
  }

  /** A second session with the same camera, over a connection of its own: for its events, whose calls are long under way. It is not recorded. */
  secondSession(limits: Limits): CameraSession {
    const { target, path } = this
    const parts = {
      service: 'events' as const,
      clock: this.#clock,
      credential: this.#credential,
      budget: this.#budget,
      random: this.#random,
    }
    return new CameraSession({ ...parts, target, path, limits }, this.#cameraClock)
  }

  /** How the camera wants to be asked, and how often the credential may still be refused. */
  get login(): Explanation['credential']['device'] & Pick<Explanation['credential'], 'scheme'> {
    const scheme = this.#scheme === 'plain' ? 'text' : (this.#scheme ?? null)
    return { scheme, tries: refusalLimit, triesLeft: this.#triesLeft }
  }

  /** Whether the credential was refused as often as it may be: calls with it are not sent any more. */
  get locked(): boolean {
    return this.#triesLeft === 0
  }

  /** An operator asks: one more try. */
  allowAnotherTry(): void {
    this.#budget?.allowAnother()
  }

  /** A camera that has not wanted the login yet may answer without it, whatever was refused elsewhere. */
  get #triesLeft(): number {
    if (!this.#budget) return refusalLimit
    return this.#scheme ? this.#budget.left(this.#service) : this.#budget.ownLeft(this.#service)
  }

  /**
   * The health probe: GetSystemDateAndTime on a fresh connection, without a credential (ONVIF Core 8.3.5, access class
   * PRE_AUTH). A camera that wants a login even for this does answer, but its clock stays unknown; and so does one that has shown that it
   * states another clock than its own.
   */
  async readClock(): Promise<number | null> {
    const sentAt = this.#clock.now()
    let response: HttpResponse | PartialResponse
    try {
      this.#clockRequest ??= requestText(this.target, { path: this.path, soap: clockRequest })
      response = await this.#fresh().requestField(this.#clockRequest, readClockFast, clockLabel)
    } finally {
      this.close()
    }
    const middle = (sentAt + this.#clock.now()) / 2
    if ('value' in response) {
      this.#cameraClock.offsetMs = Math.round(response.value - middle)
      return this.clockMisstated ? null : this.clockOffsetMs
    }
    if (response.status === 401 || response.status === 403) return null
    const { body, fault } = envelopeOf(response)
    if (fault && (fault.unauthorised || notSupported(fault))) return null
    if (fault) throw faultOf(fault)
    const reading = readClock(body)
    this.#cameraClock.offsetMs = reading === null ? null : Math.round(reading - middle)
    return this.clockMisstated ? null : this.clockOffsetMs
  }

  /**
   * Asks something that needs a login. The connection stays open for the next call, until `close`.
   * @param soap envelope with an empty header. @param path of another service of the same camera.
   * @param until instant by which the whole call ends; the session's deadline when absent.
   */
  async call(soap: string, path = this.path, until = this.#clock.now() + this.#limits.deadlineMs): Promise<Answer> {
    if (!this.#credential) return this.#must(await this.#send(soap, path, until, undefined))
    // While a refusal stands, a nonce of before would put the right password in doubt, and cost the last try.
    if (this.#scheme === 'digest' && this.#budget!.left(this.#service) < refusalLimit) this.#scheme = undefined
    if (!this.#scheme) {
      const asked = await this.#send(soap, path, until, undefined)
      if ('answer' in asked) return asked.answer
      this.#takeScheme(asked.refused)
    }
    const first: TokenClock = this.#cameraClock.misstated ? 'own' : 'stated'
    let by = first
    let wasStale = false
    for (;;) {
      const attempt = await this.#attempt(until)
      const reused = this.#count > 0
      const before = this.#scheme
      const sent = await this.#sendLogin(attempt, soap, path, until, by)
      if ('answer' in sent) {
        if (before === 'token') this.#proveClock(by)
        return sent.answer
      }
      const stale = this.#takeScheme(sent.refused, attempt)
      // A nonce that ran out is no refusal of the credential (RFC 7616 3.3), unless the camera says it of each: then it means nothing.
      if (stale && !wasStale) {
        attempt.unknown()
        wasStale = true
        continue
      }
      attempt.refused(/\block(ed)?\b/i.test(sent.text))
      // What the camera says of its clock is a hint: a token that it refuses may be right by ours.
      const otherClock = this.#scheme === 'token' && before === 'token' && by === first && this.#clockIsDoubtful
      if (otherClock) by = first === 'own' ? 'stated' : 'own'
      const worthAnother = (before === 'digest' && reused) || before !== this.#scheme || otherClock
      if (this.locked || !worthAnother)
        throw new LoginRefusal('authenticated', `the camera refuses the credential${sent.text && `: ${sent.text}`}`)
    }
  }

  /** A file of the camera over HTTP, with its Digest login where it wants one. @param until instant by which it is there */
  async download(path: string, until: number): Promise<Buffer> {
    const get = (authorization?: string) =>
      this.#exchange(requestText(this.target, { path, authorization, keepAlive: true }), until)
    let answer = await get()
    const challenge = answer.status === 401 ? pickDigest(parseChallenges(answer.challenges)) : undefined
    if (challenge && this.#credential && !this.locked) {
      const { user, password } = this.#credential
      const attempt = await this.#attempt(until)
      const cnonce = this.#random(8).toString('hex')
      try {
        answer = await get(answerDigest(challenge, { method: 'GET', uri: path, user, password, count: 1, cnonce }))
      } catch (error) {
        attempt.unknown()
        throw error
      }
      const again = answer.status === 401 ? pickDigest(parseChallenges(answer.challenges)) : undefined
      // A nonce that ran out meanwhile says nothing of the password.
      if (again && isStale(again)) attempt.unknown()
      else if (answer.status === 401) attempt.refused()
      else attempt.accepted()
    }
    if (answer.status === 401 || answer.status === 403) throw unauthorised(`HTTP ${answer.status} for the file`)
    if (answer.status !== 200) throw new OnvifFault('answers', 'http-status', `HTTP ${answer.status}`)
    return answer.body
  }

  /** Leave to send the login once. */
  async #attempt(until: number): Promise<LoginAttempt> {
    const attempt = await this.#budget!.attempt(this.#service, until)
    if (attempt === 'spent') throw spent('authenticated', 'the credential was refused twice')
    if (attempt === 'busy') throw busy('authenticated')
    if (attempt === 'held') throw held('authenticated')
    return attempt
  }

  async #sendLogin(attempt: LoginAttempt, soap: string, path: string, until: number, by: TokenClock): Promise<Outcome> {
    try {
      const sent = await this.#send(soap, path, until, this.#scheme, by)
      if ('answer' in sent) attempt.accepted()
      return sent
    } catch (error) {
      attempt.unknown()
      throw error
    }
  }

  /** Drops the connection; a call that is under way fails. */
  close(): void {
    this.#connection?.close()
    this.#connection = undefined
  }

  #must(outcome: Outcome): Answer {
    if ('answer' in outcome) return outcome.answer
    throw unauthorised('the camera wants a login and there is none for it')
  }

  /** Takes the scheme from a refusal. Returns whether it only says that the nonce ran out. */
  #takeScheme(refused: HttpResponse | undefined, attempt?: LoginAttempt): boolean {
    const challenges = parseChallenges(refused?.challenges ?? [])
    const digest = pickDigest(challenges)
    if (digest) {
      this.#scheme = 'digest'
      this.#challenge = digest
      this.#count = 0
      return isStale(digest)
    }
    if (challenges.length > 0 && !this.#credential?.plainText) {
      attempt?.refused()
      throw unauthorised(
        `the camera offers only ${challenges.map((c) => c.scheme).join(', ')}, which would send the password itself`,
      )
    }
    // Digest first; the password itself only after it was refused, and only when allowed.
    this.#scheme = this.#scheme === 'token' && this.#credential?.plainText ? 'plain' : 'token'
    return false
  }

  async #send(
    soap: string,
    path: string,
    until: number,
    scheme: Scheme | undefined,
    by: TokenClock = 'stated',
  ): Promise<Outcome> {
    const { user, password } = this.#credential ?? { user: '', password: '' }
    const token = scheme === 'token' || scheme === 'plain'
    const created = this.#clock.now() + (by === 'own' ? 0 : (this.clockOffsetMs ?? 0))
    const message = {
      path,
      keepAlive: true,
      soap: token
        ? withToken(soap, { user, password, nonce: this.#random(16), created, plain: scheme === 'plain' })
        : soap,
      authorization:
        scheme === 'digest'
          ? answerDigest(this.#challenge!, {
              method: 'POST',
              uri: path,
              user,
              password,
              count: ++this.#count,
              cnonce: this.#random(8).toString('hex'),
            })
          : undefined,
    }
    const response = await this.#exchange(requestText(this.target, message), until)
    if (response.status === 401 || response.status === 403) return { refused: response, text: '' }
    const { envelope, body, fault, text } = envelopeOf(response)
    if (fault?.unauthorised) return { refused: undefined, text: fault.text }
    if (fault) throw faultOf(fault)
    return { answer: { envelope, body, text } }
  }

  /** Over the connection that is open, or a fresh one; a kept connection that the camera has closed meanwhile is replaced. */
  async #exchange(message: string, until: number): Promise<HttpResponse> {
    const left = () => Math.max(1, until - this.#clock.now())
    if (this.#connection?.open) {
      try {
        return await this.#connection.request(message, left())
      } catch (error) {
        if (!(error instanceof OnvifFault && error.reason === 'reset')) throw error
      }
    }
    return this.#fresh().request(message, left())
  }

  #fresh(): Connection {
    this.#connection?.close()
    this.#connection = new Connection(this.#clock, this.target, this.#limits, { recorder: this.#recorder })
    return this.#connection
  }
}

const ownBudget = (clock: Clock, host: string, credential: Credential): LoginBudget =>
  createLoginBudgets({ clock }).of(host, credential)

const unauthorised = (detail: string) => new OnvifFault('authenticated', 'unauthorised', detail)

/** Envelope of an answer; an HTTP error that holds no SOAP, or an envelope around nothing, is that HTTP error. */
function envelopeOf(response: HttpResponse) {
  const text = soapText(response)
  const httpError = () => new OnvifFault('answers', 'http-status', `HTTP ${response.status}`)
  let read: ReturnType<typeof readEnvelope>
  try {
    read = readEnvelope(text)
  } catch (error) {
    if (response.status !== 200) throw httpError()
    throw error instanceof OnvifFault ? error : malformed(String(error))
  }
  if (response.status !== 200 && read.body.children.length === 0) throw httpError()
  return { ...read, text }
}
