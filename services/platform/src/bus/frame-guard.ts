/** The byte cap of core in front of the MQTT parser of a broker. */
import type { Duplex } from 'node:stream'
import { type FrameLimits, frameChecker } from '@hub/core'

/** Watches everything that is read from `stream`; destroys it with an error at the first frame that breaks a limit. */
export function guardFrames(stream: Duplex, limits: FrameLimits): void {
  const check = frameChecker(limits)
  const read = stream.read.bind(stream)
  stream.read = (size?: number) => {
    const chunk: Buffer | null = read(size)
    const problem = chunk && check(chunk)
    if (!problem) return chunk
    stream.destroy(new Error(problem))
    return null
  }
}
