/** RTSP at every camera's own address: the methods of RFC 2326 that a client needs to watch. */
import type { Socket } from 'node:net'
import type { Camera } from '../camera/camera.ts'
import { type Listener, listen } from '../camera/listener.ts'
import { challengeUnlessAuthorised } from '../camera/login.ts'
import { send } from '../camera/slow.ts'
import type { Clock } from '../clock.ts'
import { hash } from '../random.ts'
import { type Clip, clipAt, describe } from './clip.ts'
import { createRtspReader, type RtspRequest, writeReply } from './message.ts'
import { type Player, play } from './player.ts'
import { openTransport, type Transport } from './transport.ts'

const methods = 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER'
const timeoutSeconds = 60
const open = new Set(['OPTIONS'])

type Session = { id: string; clip: Clip; ssrc: number; transport: Transport; player?: Player }
type Reply = { status: number; headers?: string[]; body?: string }

export const serveRtsp = (cameras: ReadonlyMap<string, Camera>, port: number, clock: Clock): Promise<Listener> =>
  listen(cameras, port, (socket, camera) => converse(socket, camera, clock))

function converse(socket: Socket, camera: Camera, clock: Clock): void {
  const read = createRtspReader()
  let session: Session | undefined
  const end = (): void => {
    if (session?.player) session.player.stop()
    else session?.transport.sink.close()
    session = undefined
  }

  const answer = async (request: RtspRequest): Promise<Reply> => {
    const { method, url, headers } = request
    if (!open.has(method)) {
      const refusal = unauthorized(camera, request, clock.now())
      if (refusal) return refusal
    }
    if (method === 'OPTIONS') return { status: 200, headers: [`Public: ${methods}`] }
    const clip = clipAt(pathOf(url))
    if (method === 'DESCRIBE') {
      if (!clip) return { status: 404 }
      const base = url.endsWith('/') ? url : `${url}/`
      const sdp = describe(clip, camera.address, camera.spec.model)
      return { status: 200, headers: [`Content-Base: ${base}`, 'Content-Type: application/sdp'], body: sdp }
    }
    if (method === 'SETUP') {
      if (!clip) return { status: 404 }
      if (session) return { status: 455 }
      const id = hash(`${camera.spec.id} ${socket.remotePort} ${clock.now()}`)
      const transport = await openTransport(headers.get('transport') ?? '', socket, id)
      if (!transport) return { status: 461 }
      session = { id: id.toString(16).padStart(8, '0'), clip, ssrc: id, transport }
      if (socket.destroyed) end()
      return { status: 200, headers: [`Transport: ${transport.header}`, sessionHeader(session)] }
    }
    if (!session || headers.get('session')?.split(';')[0] !== session.id)
      return { status: method === 'GET_PARAMETER' ? 200 : 454 }
    if (method === 'PLAY') {
      session.player ??= play(session.clip, camera, clock, session.ssrc, session.transport.sink)
      const { player } = session
      const info = `RTP-Info: url=${url.replace(/\/$/, '')}/track1;seq=${player.sequence};rtptime=${player.timestamp}`
      return { status: 200, headers: [sessionHeader(session), 'Range: npt=0.000-', info] }
    }
    if (method === 'GET_PARAMETER') return { status: 200, headers: [sessionHeader(session)] }
    if (method !== 'TEARDOWN') return { status: 501 }
    end()
    return { status: 200 }
  }

  // One request at a time, in order: SETUP waits for its sockets.
  let turn = Promise.resolve()
  socket.on('close', end)
  socket.on('data', (chunk: Buffer) => {
    if (!camera.connected) return
    try {
      for (const request of read(chunk))
        turn = turn.then(async () => {
          const { status, headers = [], body } = await answer(request)
          if (!socket.destroyed)
            send(socket, camera, clock, writeReply(status, request.headers.get('cseq'), headers, body), true)
        })
    } catch {
      socket.end(writeReply(400, undefined, []))
    }
  })
}

const sessionHeader = ({ id }: Session): string => `Session: ${id};timeout=${timeoutSeconds}`

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url
}

function unauthorized(camera: Camera, { method, headers }: RtspRequest, now: number): Reply | undefined {
  const authorization = headers.get('authorization')
  const wanted = challengeUnlessAuthorised(camera, { method, authorization }, now, { qop: false })
  return wanted === undefined ? undefined : { status: 401, headers: [`WWW-Authenticate: ${wanted}`] }
}
