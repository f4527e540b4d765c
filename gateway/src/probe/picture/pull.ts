/**
 * Watches a camera's stream for a few seconds: DESCRIBE, SETUP (interleaved, so one TCP connection and no open UDP port), PLAY.
 * Only the path of the camera's own address is believed; the host is the approved one.
 */
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { Reason } from '@hub/contracts'
import type { Clock } from '@hub/platform'
import type { LoginBudget, LoginService } from '../../login/index.ts'
import { isOwnNetwork } from '../../onvif/connection.ts'
import { answerDigest, type Challenge, parseChallenges, pickDigest } from '../../onvif/digest.ts'
import { OnvifFault } from '../../onvif/fault.ts'
import type { Credential } from '../../onvif/session.ts'
import { sendLogin } from '../rtsp.ts'
import { readSdp } from '../sdp.ts'
import { type Codec, Recording } from './rtp.ts'
import { type RtspReply, RtspWire } from './wire.ts'

export type Watched = { annexB: Buffer; codec: Codec; pictures: number }

export type WatchOptions = {
  clock: Clock
  /** Approved host. */
  host: string
  streamUri: string
  credential: Credential | undefined
  /** Of this host and credential. */
  budget: LoginBudget | undefined
  /** Milliseconds of video from the first key picture. */
  watchMs: number
  /** For everything, a key picture may be ten seconds away. */
  deadlineMs: number
  /** Gives it up. */
  signal: AbortSignal
}

const fault = (reason: Reason, detail: string) => new OnvifFault('decodes', reason, detail)

/** @throws OnvifFault. Undefined for what is not watched: a stream under TLS, a codec that is neither H.264 nor H.265. */
export async function watch(options: WatchOptions): Promise<Watched | undefined> {
  const { clock, host, credential, budget, watchMs } = options
  const url = new URL(options.streamUri)
  if (url.protocol !== 'rtsp:') return undefined
  url.hostname = host.includes(':') ? `[${host}]` : host
  const port = Number(url.port) || 554
  const line = new Line(connect({ host, port }))
  const cancel = clock.after(options.deadlineMs, () =>
    line.fail(fault('timeout', `no pictures within ${options.deadlineMs} ms`)),
  )
  const giveUp = () => line.fail(fault('gateway-network', 'the picture was given up'))
  options.signal.addEventListener('abort', giveUp)
  try {
    const until = clock.now() + options.deadlineMs
    const login = credential && budget && { credential, budget, service: `rtsp:${port}` as const, until }
    const ask = requests(line, login)
    const described = await ask('DESCRIBE', url.href, ['Accept: application/sdp'])
    const sdp = readSdp(described.body)
    if (!sdp) throw fault('no-stream', 'the description holds no video')
    const { codec, payloadType, parameterSets } = sdp
    if (codec !== 'H264' && codec !== 'H265') return undefined
    const base = described.headers.get('content-base') ?? described.headers.get('content-location') ?? url.href
    const setUp = await ask('SETUP', trackOf(base, sdp.control, url), [
      'Transport: RTP/AVP/TCP;unicast;interleaved=0-1',
    ])
    const session = `Session: ${setUp.headers.get('session')?.split(';')[0] ?? ''}`
    const channel = Number(/interleaved=(\d+)/.exec(setUp.headers.get('transport') ?? '')?.[1] ?? 0)
    const recording = new Recording({ codec, payloadType, parameterSets })
    const watched = new Promise<void>((resolve) => {
      let seen = false
      line.onPacket = (from, packet) => {
        if (from !== channel) return
        recording.take(packet)
        if (recording.full) return resolve()
        if (seen || recording.pictures === 0) return
        seen = true
        clock.after(watchMs, resolve)
      }
    })
    await ask('PLAY', url.href, [session, 'Range: npt=0.000-'])
    await line.orFail(watched)
    line.send(`TEARDOWN ${url.href} RTSP/1.0\r\nCSeq: 9\r\n${session}\r\n\r\n`)
    return { annexB: recording.annexB(), codec, pictures: recording.pictures }
  } finally {
    cancel()
    options.signal.removeEventListener('abort', giveUp)
    line.close()
  }
}

type StreamLogin = { credential: Credential; budget: LoginBudget; service: LoginService; until: number }

/** Asks in order, and answers a challenge once. */
function requests(line: Line, login: StreamLogin | undefined) {
  let sequence = 0
  let challenge: Challenge | undefined
  let count = 0
  const send = (method: string, uri: string, headers: readonly string[]) => {
    const lines = [`${method} ${uri} RTSP/1.0`, `CSeq: ${++sequence}`, ...headers]
    if (challenge && login) {
      const { user, password } = login.credential
      const cnonce = randomBytes(8).toString('hex')
      lines.push(`Authorization: ${answerDigest(challenge, { method, uri, user, password, count: ++count, cnonce })}`)
    }
    return line.request(`${lines.join('\r\n')}\r\n\r\n`)
  }
  return async (method: string, uri: string, headers: readonly string[]): Promise<RtspReply> => {
    const withLogin = (parts: StreamLogin, known: Challenge) =>
      sendLogin(parts, known, (fresh) => {
        if (fresh !== challenge) count = 0
        challenge = fresh
        return send(method, uri, headers)
      })
    let reply = challenge && login ? await withLogin(login, challenge) : await send(method, uri, headers)
    if (reply.status === 401 && !challenge) {
      const wanted = pickDigest(parseChallenges(reply.challenges))
      if (!wanted || !login) throw fault('unauthorised', 'the stream wants a login that there is not')
      reply = await withLogin(login, wanted)
    }
    if (reply.status === 401 || reply.status === 403) throw fault('unauthorised', 'the stream refuses access')
    if (reply.status !== 200) throw fault('no-stream', `RTSP ${reply.status} to ${method}`)
    return reply
  }
}

/** RFC 2326 C.1.1. Where the camera names another host, its path is taken and its host is not. */
function trackOf(base: string, control: string | undefined, approved: URL): string {
  const whole =
    control === undefined || control === '*' ? base : /^rtsp:/i.test(control) ? control : joined(base, control)
  if (!URL.canParse(whole)) throw fault('no-stream', 'the description names no track')
  const track = new URL(whole)
  track.host = approved.host
  track.username = ''
  track.password = ''
  return track.href
}

const joined = (base: string, control: string): string => `${base.replace(/\/?$/, '/')}${control}`

/** One connection: a request at a time, packets between. */
class Line {
  onPacket: (channel: number, packet: Buffer) => void = () => {}
  readonly #socket: Socket
  readonly #wire = new RtspWire()
  readonly #ended = Promise.withResolvers<never>()
  #reply: ((reply: RtspReply) => void) | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    this.#ended.promise.catch(() => {})
    socket.on('error', ({ code }: NodeJS.ErrnoException) =>
      this.fail(fault(isOwnNetwork(code) ? 'gateway-network' : 'no-stream', `RTSP: ${code}`)),
    )
    socket.on('close', () => this.fail(fault('no-stream', 'the camera closed the stream')))
    socket.on('data', (bytes: Buffer) => {
      try {
        for (const heard of this.#wire.feed(bytes)) {
          if ('reply' in heard) this.#reply?.(heard.reply)
          else this.onPacket(heard.channel, heard.packet)
        }
      } catch (error) {
        this.fail(error as OnvifFault)
      }
    })
  }

  request(message: string): Promise<RtspReply> {
    const reply = new Promise<RtspReply>((resolve) => {
      this.#reply = resolve
    })
    this.send(message)
    return this.orFail(reply)
  }
  send(message: string): void {
    this.#socket.write(message)
  }
  /** What is awaited, or why it will not come. */
  orFail<T>(awaited: Promise<T>): Promise<T> {
    return Promise.race([awaited, this.#ended.promise])
  }
  fail(error: OnvifFault): void {
    this.#ended.reject(error)
    this.#socket.destroy()
  }
  close(): void {
    this.#socket.end()
    this.#socket.destroySoon()
  }
}
