/**
 * When a camera's picture is judged: each at its own phase of a long period, again soon when one is wrong. A wrong picture may be of a
 * camera that was just losing its power or its network, so it counts when the next one is wrong too, or when an operator asks for it;
 * until then it is in doubt.
 */
import type { Clock } from '@hub/platform'
import type { RungResult } from '../rung.ts'
import { spread } from '../schedule.ts'

export type Pictured = {
  readonly id: string
  /** Milliseconds from probe to probe. */
  readonly every: number
  /** Whether its stream is there for a picture. */
  readonly picturable: boolean
  /** Undefined: it cannot be judged. */
  judgePicture(): Promise<RungResult | undefined>
  /** Takes what a picture said into what is known of the camera. @param counts false while it is in doubt. */
  notePicture(result: RungResult, counts: boolean): void
}

/** What is kept of one camera. */
export interface PictureRound {
  /** When its picture is due. */
  readonly dueAt: number
}

export type Standing = 'right' | 'doubtful' | 'wrong'

class Entry<T> implements PictureRound {
  readonly item: T
  dueAt = Number.POSITIVE_INFINITY
  /** The last picture was wrong. */
  doubtful = false

  constructor(item: T) {
    this.item = item
  }
}

/** A fleet's first pictures are spread over this much for each camera, one period at most. */
const firstPictureMs = 2_000
/** A picture that is wrong is taken again soon. */
const wrongPictureMs = 300_000

export class PictureRounds<T extends Pictured> {
  readonly #clock: Clock
  readonly #everyMs: number

  /** @param everyMs from one picture of a camera to the next, milliseconds; 0: never. */
  constructor(clock: Clock, everyMs: number) {
    this.#clock = clock
    this.#everyMs = everyMs
  }

  add(item: T): PictureRound {
    return new Entry(item)
  }

  /** The camera was identified for the first time. @param fleet how many cameras there are. */
  begin(of: PictureRound, fleet: number): void {
    const entry = of as Entry<T>
    if (this.#everyMs === 0) return
    const over = Math.min(this.#everyMs, fleet * firstPictureMs)
    entry.dueAt = this.#clock.now() + spread(`${entry.item.id} picture`) * over
  }
  /** Asked anew at the next occasion. */
  again(of: PictureRound): void {
    if (this.#everyMs > 0) (of as Entry<T>).dueAt = this.#clock.now()
  }

  isDue(of: PictureRound): boolean {
    const entry = of as Entry<T>
    return entry.dueAt <= this.#clock.now() && entry.item.picturable
  }

  /** @param asked by an operator. */
  async take(of: PictureRound, asked = false): Promise<Standing | undefined> {
    const entry = of as Entry<T>
    if (this.#everyMs === 0) return undefined
    entry.dueAt = Number.POSITIVE_INFINITY
    const result = await entry.item.judgePicture()
    const standing = result ? weigh(result.said !== 'pass', entry.doubtful, asked) : 'right'
    if (result) {
      entry.doubtful = result.said !== 'pass'
      entry.item.notePicture(result, standing !== 'doubtful')
    }
    // A doubtful one is taken again when the probes have had the time to tell whether the camera is there at all.
    const soon = { right: this.#everyMs, doubtful: 2 * entry.item.every, wrong: wrongPictureMs }
    entry.dueAt = this.#clock.now() + Math.min(soon[standing], this.#everyMs)
    return standing
  }
}

/** What one picture proves. Pure. @param doubtful the last one was wrong. */
export const weigh = (wrong: boolean, doubtful: boolean, asked: boolean): Standing =>
  !wrong ? 'right' : doubtful || asked ? 'wrong' : 'doubtful'
