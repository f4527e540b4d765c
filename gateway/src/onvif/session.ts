/**
 * One camera's conversation: how it wants to be asked (WS-UsernameToken or HTTP Digest), its clock, its digest nonce, and
 * how often it has refused the credential. Nothing here is shared between cameras.
 *
 * Which scheme a camera wants is learned by asking once *without* the credential, so that no try is spent on the wrong
 * one. Cameras lock an account after a few bad tries, so a credential is tried twice in a row at most and then not again
 * until the configuration changes or an operator asks.
 */
import { randomBytes } from 'node:crypto'
import type { Explanation } from '@hub/contracts'
import type { Clock } from '@hub/platform'
import { Connection, type Limits, type Target } from './connection.ts'
import { answerDigest, type Challenge, parseChallenges, pickDigest } from './digest.ts'
import { malformed, OnvifFault } from './fault.ts'
import type { Glimpse, HttpResponse } from './http.ts'
import { clockRequest, glanceClock, readClock } from './read.ts'
import type { ExchangeRecorder } from './recorder.ts'
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
  limits?: Limits
  random?: (bytes: number) => Buffer
  recorder?: ExchangeRecorder | undefined
}

/** Tries of one credential in a row. */
const maxTries = 2

/** What all conversations with one camera share: they must not each spend the tries that it allows. */
type Login = {
  refusals: number
  /** Camera minus gateway, milliseconds; null before it is known. */
  clockOffsetMs: number | null
}

type Scheme = 'token' | 'digest' | 'plain'
type Answer = { body: XmlElement; envelope: XmlElement; text: string }
type Outcome = { answer: Answer } | { refused: HttpResponse | undefined; text: string }

export class CameraSession {
  readonly #clock: Clock
  readonly #credential: Credential | undefined
  readonly #limits: Limits
  readonly #random: (bytes: number) => Buffer
  readonly #recorder: ExchangeRecorder | undefined
  readonly #login: Login
  readonly target: Target
  readonly path: string
  /** The same bytes at every look. */
  #clockRequest: string | undefined
  #scheme: Scheme | undefined
  #challenge: Challenge | undefined
  #count = 0
  #connection: Connection | undefined

  constructor(options: SessionOptions, login: Login = { refusals: 0, clockOffsetMs: null }) {
    this.#login = login
    this.#clock = options.clock
    this.#credential = options.credential
    this.#recorder = options.recorder
    this.#limits = options.limits ?? defaultLimits
    this.#random = options.random ?? randomBytes
    this.target = options.target
    this.path = options.path
  }

  /** Camera minus gateway, milliseconds; null before it is known. */
  get clockOffsetMs(): number | null {
    return this.#login.clockOffsetMs
  }

  /** Another conversation with the same camera, over a connection of its own: for a call that is long under way. It is not recorded. */
  sibling(limits: Limits): CameraSession {
    const { target, path } = this
    const parts = { clock: this.#clock, credential: this.#credential, random: this.#random }
    return new CameraSession({ ...parts, target, path, limits }, this.#login)
  }

  /** How the camera wants to be asked, and how often the credential may still be refused. */
  get login(): Explanation['credential']['device'] & Pick<Explanation['credential'], 'scheme'> {
    const triesLeft = maxTries - this.#login.refusals
    return { scheme: this.#scheme === 'plain' ? 'text' : (this.#scheme ?? null), tries: maxTries, triesLeft }
  }

  /** Whether the credential was refused as often as it may be: calls with it are not sent any more. */
  get locked(): boolean {
    return this.#login.refusals >= maxTries
  }

  /** The camera refused the same credential elsewhere, for its stream: it counts both together. */
  countRefusal(): void {
    this.#login.refusals = Math.min(this.#login.refusals + 1, maxTries)
  }

  /** An operator asks: one more try. */
  allowAnotherTry(): void {
    this.#login.refusals = Math.min(this.#login.refusals, maxTries - 1)
  }

  /**
   * The health look: GetSystemDateAndTime on a fresh connection, without a credential (ONVIF Core 8.3.5, access class
   * PRE_AUTH). A camera that wants a login even for this does answer, but its clock stays unknown.
   */
  async readClock(): Promise<number | null> {
    const sentAt = this.#clock.now()
    let response: HttpResponse | Glimpse
    try {
      this.#clockRequest ??= requestText(this.target, { path: this.path, soap: clockRequest })
      response = await this.#fresh().look(this.#clockRequest, glanceClock)
    } finally {
      this.close()
    }
    const middle = (sentAt + this.#clock.now()) / 2
    if ('value' in response) {
      this.#login.clockOffsetMs = Math.round(response.value - middle)
      return this.clockOffsetMs
    }
    if (response.status === 401 || response.status === 403) return null
    const { body, fault } = envelopeOf(response)
    if (fault && (fault.unauthorised || notSupported(fault))) return null
    if (fault) throw faultOf(fault)
    const reading = readClock(body)
    this.#login.clockOffsetMs = reading === null ? null : Math.round(reading - middle)
    return this.clockOffsetMs
  }

  /**
   * Asks something that needs a login. The connection stays open for the next call, until `close`.
   * @param soap envelope with an empty header. @param path of another service of the same camera.
   * @param until instant by which the whole call ends; the session's deadline when absent.
   */
  async call(soap: string, path = this.path, until = this.#clock.now() + this.#limits.deadlineMs): Promise<Answer> {
    if (!this.#credential) return this.#must(await this.#send(soap, path, until, undefined))
    if (this.locked)
      throw unauthorised(
        'the credential was refused twice: it is tried again when an operator asks (probe or identify)',
      )
    if (!this.#scheme) {
      const asked = await this.#send(soap, path, until, undefined)
      if ('answer' in asked) return asked.answer
      this.#learn(asked.refused)
    }
    for (;;) {
      const reused = this.#count > 0
      const sent = await this.#send(soap, path, until, this.#scheme)
      if ('answer' in sent) {
        this.#login.refusals = 0
        return sent.answer
      }
      const before = this.#scheme
      const stale = this.#learn(sent.refused)
      // A nonce that ran out is not a refusal of the credential (RFC 7616 3.3).
      if (stale && reused) continue
      this.#login.refusals++
      if (/\block(ed)?\b/i.test(sent.text)) this.#login.refusals = maxTries
      const worthAnother = (before === 'digest' && reused) || before !== this.#scheme
      if (this.locked || !worthAnother)
        throw unauthorised(`the camera refuses the credential${sent.text && `: ${sent.text}`}`)
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
  #learn(refused: HttpResponse | undefined): boolean {
    const challenges = parseChallenges(refused?.challenges ?? [])
    const digest = pickDigest(challenges)
    if (digest) {
      this.#scheme = 'digest'
      this.#challenge = digest
      this.#count = 0
      return /^true$/i.test(digest.params.stale ?? '')
    }
    if (challenges.length > 0 && !this.#credential?.plainText)
      throw unauthorised(
        `the camera offers only ${challenges.map((c) => c.scheme).join(', ')}, which would send the password itself`,
      )
    // Digest first; the password itself only after it was refused, and only when allowed.
    this.#scheme = this.#scheme === 'token' && this.#credential?.plainText ? 'plain' : 'token'
    return false
  }

  async #send(soap: string, path: string, until: number, scheme: Scheme | undefined): Promise<Outcome> {
    const { user, password } = this.#credential ?? { user: '', password: '' }
    const token = scheme === 'token' || scheme === 'plain'
    const created = this.#clock.now() + (this.clockOffsetMs ?? 0)
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
