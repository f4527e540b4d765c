/**
 * The last exchanges with one camera, for "explain this device". Problem: 20,000 cameras times the text of a few exchanges is
 * more memory than the gateway may have. So of each exchange only a few figures are kept, and the text as well, masked, while
 * somebody reads them: for some minutes after the camera was explained last.
 */
import type { ExplainedExchange } from '@hub/contracts'
import type { Clock } from '@hub/platform'
import { keepLast } from '../keep-last.ts'
import { OnvifFault } from './fault.ts'
import { decodeBody, type HttpResponse, type PartialResponse } from './http.ts'
import type { Mask } from './mask.ts'

const figuresKept = 4
const textsKept = 12
const watchedMs = 600_000
const longestText = 4_096

export type ExchangeLabel = Pick<ExplainedExchange, 'asked' | 'login'>

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

  /** Notes how a request ends; the answer is handed on as it is. @param label what is asked, for a caller who knows it. */
  watch<A extends HttpResponse | PartialResponse>(
    message: string,
    answer: Promise<A>,
    label: ExchangeLabel = labelOf(message),
  ): Promise<A> {
    const at = this.#clock.now()
    const { watched } = this
    return answer.then(
      (response) => {
        const partial = 'value' in response
        const [status, bytes] = partial ? [200, response.bytes] : [response.status, response.body.length]
        const exchange = { at, ms: this.#clock.now() - at, asked: label.asked, login: label.login, status, bytes }
        this.#add(watched ? this.#withTexts(exchange, message, partial ? '' : textOf(response)) : exchange)
        return response
      },
      (error: unknown) => {
        if (error instanceof OnvifFault) {
          const { reason } = error
          const detail = cut(this.#mask(error.message), 1_024)
          const exchange = { at, ms: this.#clock.now() - at, ...label, status: null, bytes: 0, reason, detail }
          this.#add(watched ? this.#withTexts(exchange, message, '') : exchange)
        }
        throw error
      },
    )
  }

  /** Newest first. From now on texts are kept, for a while. */
  read(): { exchanges: ExplainedExchange[]; watchedUntil: number } {
    if (!this.watched)
      this.#kept = this.#kept.slice(-figuresKept).map(({ sent: _s, received: _r, ...figures }) => figures)
    this.#watchedUntil = this.#clock.now() + watchedMs
    return { exchanges: this.#kept.toReversed(), watchedUntil: this.#watchedUntil }
  }

  #withTexts(exchange: ExplainedExchange, sent: string, received: string): ExplainedExchange {
    return { ...exchange, sent: this.#text(sent), received: this.#text(received) }
  }

  #text(message: string): string {
    return cut(this.#mask(message))
  }

  #add(exchange: ExplainedExchange): void {
    this.#kept = keepLast(this.#kept, exchange, this.watched ? textsKept : figuresKept)
  }
}

const cut = (text: string, most = longestText): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

/** Names outlive their messages: a slice would keep its whole message in memory. */
const names = new Map<string, string>()
const namesKept = 64

const labelOf = (message: string): ExchangeLabel => ({ asked: nameOf(message), login: loginOf(message) })

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
