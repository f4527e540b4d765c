/** Plays a clip in a loop to one client, in real time. */
import type { Camera } from '../camera/camera.ts'
import type { Clock } from '../clock.ts'
import type { Clip } from './clip.ts'
import { rtpPacket, senderReport } from './rtp.ts'

/** Where packets go. False from `rtp` says that the client does not keep up. */
export type Sink = { rtp(packet: Buffer): boolean; rtcp(packet: Buffer): void; close(): void }

export type Player = { sequence: number; timestamp: number; stop(): void }

const clockRate = 90_000
const reportEvery = 5_000

/** Starts at once. A frozen camera sends its first picture over and over; a cut one sends into the void. */
export function play(clip: Clip, camera: Camera, clock: Clock, ssrc: number, sink: Sink): Player {
  const frameMs = 1_000 / clip.stream.fps
  const began = clock.now()
  const firstSequence = ssrc & 0x7fff
  const firstTimestamp = ssrc
  let sequence = firstSequence
  let frame = 0
  let packets = 0
  let octets = 0
  let reported = Number.NEGATIVE_INFINITY
  let waitForKey = false
  let cancel = (): void => {}

  const tick = (): void => {
    const timestamp = firstTimestamp + Math.round((frame * clockRate) / clip.stream.fps)
    const index = camera.frozen ? 0 : frame % clip.pictures.length
    const payloads = clip.pictures[index]!
    if (camera.connected && !(waitForKey && index > 0)) {
      waitForKey = false
      if (clock.now() - reported >= reportEvery) {
        sink.rtcp(senderReport(ssrc, clock.now() + camera.clockOffsetMs, timestamp, packets, octets))
        reported = clock.now()
      }
      for (const [n, payload] of payloads.entries()) {
        const marker = n === payloads.length - 1
        if (!sink.rtp(rtpPacket({ sequence: sequence++, timestamp, ssrc, marker, payload }))) waitForKey = true
        packets++
        octets += payload.length
      }
    }
    frame++
    cancel = clock.after(Math.max(0, began + frame * frameMs - clock.now()), tick)
  }
  cancel = clock.after(0, tick)
  return {
    sequence: firstSequence,
    timestamp: firstTimestamp >>> 0,
    stop() {
      cancel()
      sink.close()
    },
  }
}
