/** HTTP at every camera's own address: ONVIF services and the snapshot. */
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import type { Clock } from '../clock.ts'
import { answerSoap } from './answer.ts'
import type { Camera, Ports } from './camera.ts'
import { challenge, checkDigest, realm } from './digest.ts'
import { createHttpReader, type HttpAnswer, HttpError, type HttpRequest, writeAnswer } from './http-wire.ts'
import { type Listener, listen } from './listener.ts'
import { send } from './slow.ts'
import { createReplayWindow } from './token.ts'

const soapType = 'application/soap+xml; charset=utf-8'
/** Remembering a token longer than any profile's tolerance, both ways, makes a replay impossible. */
const replayWindow = 600_000

const snapshots = [0, 1, 2, 3].map((n) => readFileSync(new URL(`../../media/frame-${n}.jpg`, import.meta.url)))

export function serveHttp(
  cameras: ReadonlyMap<string, Camera>,
  port: number,
  ports: () => Ports,
  clock: Clock,
): Promise<Listener> {
  const seenBefore = createReplayWindow(replayWindow)
  const seen = (camera: Camera, call: string): boolean => seenBefore(`${camera.spec.id} ${call}`, clock.now())

  const answer = (camera: Camera, request: HttpRequest): HttpAnswer => {
    if (request.method === 'POST' && request.target.startsWith('/onvif/')) {
      const { status, body } = answerSoap(camera, ports(), request.body.toString(), clock.now(), seen)
      return { status, type: soapType, body }
    }
    if (request.method === 'GET' && request.target.startsWith('/snapshot.jpg'))
      return snapshot(camera, request, clock.now())
    return { status: request.method === 'POST' || request.method === 'GET' ? 404 : 405, body: '' }
  }

  return listen(cameras, port, (socket, camera) => serve(socket, camera, clock, answer))
}

function serve(socket: Socket, camera: Camera, clock: Clock, answer: (c: Camera, r: HttpRequest) => HttpAnswer): void {
  const read = createHttpReader(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'))
  socket.on('data', (chunk: Buffer) => {
    if (!camera.connected) return
    try {
      for (const request of read(chunk))
        send(socket, camera, clock, writeAnswer(answer(camera, request), request.keepAlive), request.keepAlive)
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      socket.end(writeAnswer({ status: error.status, type: 'text/plain', body: error.message }, false))
    }
  })
}

function snapshot(camera: Camera, request: HttpRequest, now: number): HttpAnswer {
  const { user, password, spec } = camera
  const verdict = checkDigest(request.headers.get('authorization'), {
    user,
    password,
    realm,
    method: request.method,
    address: spec.ipAddress,
    now,
  })
  if (verdict !== 'ok') {
    const header = challenge(realm, spec.ipAddress, now, { stale: verdict === 'stale' })
    return { status: 401, headers: [`WWW-Authenticate: ${header}`], body: '' }
  }
  const frame = camera.frozen ? 0 : Math.floor(now / 1_000) % snapshots.length
  return { status: 200, type: 'image/jpeg', body: snapshots[frame]! }
}
