/** The times of each device being out that began within the flapping window. */
import { eachInPieces } from './pieces.ts'
import type { CorrelationPolicy, Episode } from './types.ts'

export class Onsets {
  readonly #policy: Pick<CorrelationPolicy, 'flapCount' | 'flapWindowMs'>
  readonly #episodes = new Map<string, Episode[]>()
  /** Devices that have gone down more than once. */
  readonly #repeated = new Set<string>()

  constructor(policy: Pick<CorrelationPolicy, 'flapCount' | 'flapWindowMs'>) {
    this.#policy = policy
  }

  add(episode: Episode): void {
    const { device } = episode
    const own = this.#episodes.get(device)
    if (!own) {
      this.#episodes.set(device, [episode])
      return
    }
    own.push(episode)
    this.#repeated.add(device)
    if (own.length > 4 * this.#policy.flapCount) own.shift()
  }

  /** When it went down, oldest first. */
  of(device: string): readonly number[] {
    return this.episodesOf(device).map(({ from }) => from)
  }

  /** Oldest first. */
  episodesOf(device: string): readonly Episode[] {
    return this.#episodes.get(device) ?? []
  }

  isRepeated(device: string, now: number): boolean {
    const before = this.#repeated.has(device) ? this.episodesOf(device).at(-2) : undefined
    return before !== undefined && now - before.from <= this.#policy.flapWindowMs
  }

  /** Devices that have gone down more than once within the window. */
  *repeated(now: number): Generator<string> {
    for (const device of this.#repeated) {
      if (this.isRepeated(device, now)) yield device
      else this.#repeated.delete(device)
    }
  }

  /** Forgets devices that are not out and have not gone down for a whole window. */
  *retire(now: number, isOut: (device: string) => boolean): Generator<void, void> {
    yield* eachInPieces(this.#episodes, ([device, own]) => {
      if (now - own.at(-1)!.from <= this.#policy.flapWindowMs || isOut(device)) return
      this.#episodes.delete(device)
      this.#repeated.delete(device)
    })
  }
}
