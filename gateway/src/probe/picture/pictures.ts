/**
 * The rung at the top: does the stream decode, and does the picture move? A few cameras at a time, each at its own phase of a long
 * period, beside the probes: a stream of seconds must not make a probe late. Without ffmpeg the rung is off, which is said once.
 */
import type { Clock, Log } from '@hub/platform'
import { LoginRefusal, OnvifFault } from '../../onvif/fault.ts'
import type { PictureJudge, PictureSubject, RungResult } from '../rung.ts'
import { decode, NoDecoder } from './decode.ts'
import { isFrozen } from './frozen.ts'
import { watch } from './pull.ts'

export type PicturePolicy = {
  /** Milliseconds from one picture of a camera to the next; 0: never. */
  everyMs: number
  /** Cameras at a time: each is a stream and then a process. */
  concurrency: number
  /** Milliseconds between the two pictures that are compared. */
  apartMs: number
  /** For one camera. */
  deadlineMs: number
}

/** As configured. Cameras send a key picture each ten seconds at the rarest. */
export const picturePolicy = (config: { everyMinutes: number; concurrency: number }): PicturePolicy => ({
  everyMs: config.everyMinutes * 60_000,
  concurrency: config.concurrency,
  apartMs: 3_000,
  deadlineMs: 20_000,
})

export interface Pictures extends PictureJudge {
  /** Gives up what is under way. */
  stop(): void
}

export function createPictures(options: { clock: Clock; log: Log; policy: PicturePolicy }): Pictures {
  const { clock, log, policy } = options
  let off = policy.everyMs === 0
  const given = new AbortController()
  let running = 0
  const waiting: (() => void)[] = []

  const place = async () => {
    if (running < policy.concurrency) running++
    else await new Promise<void>((resolve) => waiting.push(resolve))
  }
  /** A place goes to the next in the queue. */
  const leave = () => {
    const next = waiting.shift()
    if (next) next()
    else running--
  }

  return {
    async judge(subject: PictureSubject): Promise<RungResult | undefined> {
      if (off) return undefined
      await place()
      try {
        if (given.signal.aborted) return undefined
        return await judgePicture(subject, clock, policy, given.signal)
      } catch (error) {
        if (error instanceof OnvifFault)
          // What the gateway itself could not do says nothing of the camera.
          return error.reason === 'gateway-network' ? undefined : saidBy(error)
        if (!(error instanceof NoDecoder)) throw error
        if (!off) log.warn({ reason: error.message }, 'pictures are off: the rung "decodes" is not asked')
        off = true
        return undefined
      } finally {
        leave()
      }
    },
    stop() {
      off = true
      given.abort()
    },
  }
}

/** If the password was changed, ONVIF refuses it too: it is asked before the stream is again. */
const saidBy = (error: OnvifFault): RungResult => ({
  said: error.reason,
  detail: error.message,
  ...(error instanceof LoginRefusal && { doubts: ['authenticated'] }),
})

async function judgePicture(
  subject: PictureSubject,
  clock: Clock,
  { apartMs, deadlineMs }: PicturePolicy,
  signal: AbortSignal,
): Promise<RungResult | undefined> {
  const watched = await watch({ clock, ...subject, watchMs: apartMs, deadlineMs, signal })
  if (!watched) return undefined
  // The last picture may have been cut off, and a stream with B pictures ends out of order.
  const step = Math.floor(watched.pictures * 0.9) - 1
  const pictures = await decode(watched.annexB, watched.codec, step, signal)
  if (pictures.length > 1 && isFrozen(pictures))
    return { said: 'frozen', detail: `the picture is the same ${(apartMs / 1_000).toFixed(0)} s later` }
  return { said: 'pass' }
}
