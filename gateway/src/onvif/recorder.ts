/**
 * The last exchanges with one camera, for "explain this device". Problem: 20,000 cameras times the text of a few exchanges is
 * more memory than the gateway may have. So of each exchange only a few figures are kept, and the text as well, masked, while
 * somebody looks: for some minutes after the camera was explained last.
 */
import type { ExplainedExchange } from '@hub/contracts'
import type { Clock } from '@hub/platform'
import { OnvifFault } from './fault.ts'
import { decodeBody, type Glimpse, type HttpResponse } from './http.ts'
import type { Mask } from './mask.ts'

const figuresKept = 4
const textsKept = 12
const watchedMs = 600_000
const longestText = 4_096

export class ExchangeRecorder {
  readonly #clock: Clock
  readonly #mask: Mask
  #kept: ExplainedExchange[] = []
  #watchedUntil = 0

  constructor(clock: Clock, mask: Mask) {
    this.#clock = clock
    this.#mask = mask
  }

  /** Whether the texts of what is exchanged are kept. */
  get watched(): boolean {
    return this.#clock.now() < this.#watchedUntil
  }

  /** Notes how a request ends; the answer is handed on as it is. */
  async watch<A extends HttpResponse | Glimpse>(message: string, answer: Promise<A>): Promise<A> {
    const at = this.#clock.now()
    const { watched } = this
    const noted = (exchange: ExplainedExchange, text: () => string) =>
      this.#add(watched ? { ...exchange, sent: this.#text(message), received: this.#text(text()) } : exchange)
    const asked = nameOf(message)
    const login = loginOf(message)
    try {
      const response = await answer
      const glimpsed = 'value' in response
      const [status, bytes] = glimpsed ? [200, response.bytes] : [response.status, response.body.length]
      noted({ at, ms: this.#clock.now() - at, asked, login, status, bytes }, () => (glimpsed ? '' : textOf(response)))
      return response
    } catch (error) {
      if (error instanceof OnvifFault) {
        const { reason } = error
        const detail = cut(this.#mask(error.message), 1_024)
        noted({ at, ms: this.#clock.now() - at, asked, login, status: null, bytes: 0, reason, detail }, () => '')
      }
      throw error
    }
  }

  /** Newest first. From now on texts are kept, for a while. */
  look(): { exchanges: ExplainedExchange[]; watchedUntil: number } {
    if (!this.watched)
      this.#kept = this.#kept.slice(-figuresKept).map(({ sent: _s, received: _r, ...figures }) => figures)
    this.#watchedUntil = this.#clock.now() + watchedMs
    return { exchanges: this.#kept.toReversed(), watchedUntil: this.#watchedUntil }
  }

  #text(message: string): string {
    return cut(this.#mask(message))
  }

  #add(exchange: ExplainedExchange): void {
    // An array of its own size: one that grows keeps room for a dozen more, at each of 20,000 cameras.
    this.#kept = [...this.#kept.slice(1 - (this.watched ? textsKept : figuresKept)), exchange]
  }
}

const cut = (text: string, most = longestText): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

/** Names outlive their messages: a slice would keep its whole message in memory. */
const names = new Map<string, string>()
const namesKept = 64

/** SOAP operation, or RTSP method. */
function nameOf(message: string): string {
  const found =
    /Body[^>]*>\s*<(?:[\w-]+:)?([\w-]{1,64})/.exec(message)?.[1] ?? /^[A-Z]{1,16}(?= )/.exec(message)?.[0] ?? 'request'
  const known = names.get(found)
  if (known) return known
  const copy = Buffer.from(found).toString()
  if (names.size < namesKept) names.set(copy, copy)
  return copy
}

function loginOf(message: string): ExplainedExchange['login'] {
  if (message.includes('\r\nAuthorization: ')) return 'digest'
  if (message.includes('#PasswordDigest')) return 'token'
  return message.includes('#PasswordText') ? 'text' : 'none'
}

function textOf(response: HttpResponse): string {
  const { status, challenges, contentType, location } = response
  const head = [
    `${status}`,
    ...(contentType ? [`Content-Type: ${contentType}`] : []),
    ...(location ? [`Location: ${location}`] : []),
    ...challenges.map((challenge) => `WWW-Authenticate: ${challenge}`),
  ]
  return `${head.join('\r\n')}\r\n\r\n${readable(response)}`
}

function readable(response: HttpResponse): string {
  try {
    return decodeBody(response)
  } catch {
    return response.body.toString('latin1', 0, longestText)
  }
}
