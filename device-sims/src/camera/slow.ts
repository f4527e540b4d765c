/** Sends an answer as fast as the camera is: at once, after a while, or a byte at a time. */
import type { Socket } from 'node:net'
import type { Clock } from '../clock.ts'
import type { Camera } from './camera.ts'

/** The connection ends after the answer unless `keep`. A camera cut off meanwhile sends no more. */
export function send(socket: Socket, camera: Camera, clock: Clock, bytes: Buffer, keep: boolean): void {
  const slow = camera.slow
  if (!slow) {
    put(socket, bytes, keep)
  } else if ('delayMs' in slow) {
    const cancel = clock.after(slow.delayMs, () => camera.connected && put(socket, bytes, keep))
    socket.once('close', cancel)
  } else drip(socket, camera, clock, bytes, keep, slow.dripMs)
}

function drip(socket: Socket, camera: Camera, clock: Clock, bytes: Buffer, keep: boolean, everyMs: number): void {
  let at = 0
  let cancel = (): void => {}
  const next = (): void => {
    if (camera.connected) socket.write(bytes.subarray(at, ++at))
    if (at < bytes.length) cancel = clock.after(everyMs, next)
    else if (!keep) socket.end()
  }
  socket.once('close', () => cancel())
  next()
}

function put(socket: Socket, bytes: Buffer, keep: boolean): void {
  if (keep) socket.write(bytes)
  else socket.end(bytes)
}
