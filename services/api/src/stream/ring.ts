/** The last frames of a channel, numbered: what a client has missed can be sent again, as long as it is still here. */

export type Frame = { seq: number; text: string }
export type RingLimits = { frames: number; chars: number }

export interface Ring {
  push(frame: Frame): void
  /** The frames after `seq`, oldest first; undefined when some of them are gone, or `seq` is of another life. */
  after(seq: number): string[] | undefined
}

/** @param start the seq at which the ring begins: what was before it is not here. */
export function createRing(start: number, limits: RingLimits): Ring {
  let frames: Frame[] = []
  let first = 0
  let chars = 0
  /** All frames after this one are here. */
  let floor = start
  let last = start
  return {
    push(frame) {
      frames.push(frame)
      chars += frame.text.length
      last = frame.seq
      while (frames.length - first > limits.frames || chars > limits.chars) {
        const gone = frames[first++]
        if (!gone) break
        chars -= gone.text.length
        floor = gone.seq
      }
      if (first > 1_000 && first * 2 > frames.length) {
        frames = frames.slice(first)
        first = 0
      }
    },
    after(seq) {
      if (seq < floor || seq > last) return undefined
      let from = frames.length
      while (from > first && frames[from - 1]!.seq > seq) from--
      return frames.slice(from).map((frame) => frame.text)
    },
  }
}
