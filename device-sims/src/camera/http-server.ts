/** HTTP at every camera's own address: ONVIF services and the snapshot. */
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'
import type { Clock } from '../clock.ts'
import { answerSoap, type SoapAnswer } from './answer.ts'
import type { Camera, Ports } from './camera.ts'
import { selfSigned } from './certificate.ts'
import { createHttpReader, type HttpAnswer, HttpError, type HttpRequest, writeAnswer } from './http-wire.ts'
import { type Listener, listen } from './listener.ts'
import { challengeUnlessAuthorised } from './login.ts'
import { send } from './slow.ts'
import { createReplayWindow } from './token.ts'

/** Remembering a token longer than any profile's tolerance, both ways, makes a replay impossible. */
const replayWindow = 600_000

const snapshots = [0, 1, 2, 3].map((n) => readFileSync(new URL(`../../media/frame-${n}.jpg`, import.meta.url)))

/** HTTPS listens only when a camera wants it. */
export async function serveHttp(
  cameras: ReadonlyMap<string, Camera>,
  port: Ports,
  ports: () => Ports,
  clock: Clock,
): Promise<{ http: Listener; https: Listener | undefined }> {
  const seenBefore = createReplayWindow(replayWindow)
  const seen = (camera: Camera, call: string): boolean => seenBefore(`${camera.spec.id} ${call}`, clock.now())

  const answer = (camera: Camera, request: HttpRequest): SoapAnswer => {
    if (request.method === 'POST' && request.target.startsWith('/onvif/')) {
      const { target, headers } = request
      const [authorization, contentType] = [headers.get('authorization'), headers.get('content-type')]
      const call = { text: request.body.toString(), authorization, target, contentType }
      return answerSoap(camera, ports(), call, clock.now(), seen)
    }
    if (request.method === 'GET' && request.target.startsWith('/snapshot.jpg'))
      return snapshot(camera, request, clock.now())
    return { status: request.method === 'POST' || request.method === 'GET' ? 404 : 405, body: '' }
  }

  const secure = [...cameras.values()].some((camera) => camera.profile.https)
  const secureContext = secure ? createSecureContext(selfSigned('IPCamera', clock.now())) : undefined
  const certificates = createCertificates(clock)
  const http = await listen(cameras, port.http, (socket, camera) => {
    if (camera.profile.https) socket.resetAndDestroy()
    else serve(socket, camera, clock, answer)
  })
  if (!secureContext) return { http, https: undefined }
  try {
    const https = await listen(cameras, port.https, (socket, camera) => {
      if (!camera.profile.https) return void socket.resetAndDestroy()
      const secured = new TLSSocket(socket, { isServer: true, secureContext: certificates.of(camera) ?? secureContext })
      secured.on('error', () => socket.destroy())
      serve(secured, camera, clock, answer)
    })
    return { http, https }
  } catch (error) {
    await http.close()
    throw error
  }
}

/** Of makes whose certificate does not outlive a start. */
function createCertificates(clock: Clock): { of(camera: Camera): SecureContext | undefined } {
  const made = new WeakMap<Camera, { starts: number; context: SecureContext }>()
  return {
    of(camera) {
      if (!camera.profile.newCertificates) return undefined
      const { starts } = camera
      const before = made.get(camera)
      if (before?.starts === starts) return before.context
      const context = createSecureContext(selfSigned(camera.spec.serial, clock.now()))
      made.set(camera, { starts, context })
      return context
    },
  }
}

function serve(socket: Socket, camera: Camera, clock: Clock, answer: (c: Camera, r: HttpRequest) => SoapAnswer): void {
  const read = createHttpReader(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'))
  socket.on('data', (chunk: Buffer) => {
    if (!camera.connected) return
    try {
      for (const request of read(chunk)) {
        const { framing } = camera.profile
        const keep = request.keepAlive && framing !== 'close'
        const say = (said: HttpAnswer): void => send(socket, camera, clock, writeAnswer(said, keep, framing), keep)
        const said = answer(camera, request)
        if (said.later) hold(socket, camera, clock, said.later, say)
        else say(said)
      }
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      socket.end(writeAnswer({ status: error.status, type: 'text/plain', body: error.message }, false))
    }
  })
}

/** Keeps a pull until the camera has something to say, or its time is over. What is cut off meanwhile is not answered. */
function hold(
  socket: Socket,
  camera: Camera,
  clock: Clock,
  later: NonNullable<SoapAnswer['later']>,
  say: (said: HttpAnswer) => void,
): void {
  const end = (): void => {
    cancel()
    forget()
    socket.off('close', end)
  }
  const answer = (): void => {
    if (!camera.connected) return
    end()
    say(later.answer(clock.now()))
  }
  const cancel = clock.after(later.ms, answer)
  const forget = later.when(answer)
  socket.once('close', end)
}

function snapshot(camera: Camera, { method, headers }: HttpRequest, now: number): HttpAnswer {
  const authorization = headers.get('authorization')
  const wanted = challengeUnlessAuthorised(camera, { method, authorization }, now, camera.profile.http)
  if (wanted !== undefined) return { status: 401, headers: [`WWW-Authenticate: ${wanted}`], body: '' }
  const frame = camera.frozen ? 0 : Math.floor(now / 1_000) % snapshots.length
  return { status: 200, type: 'image/jpeg', body: snapshots[frame]! }
}
