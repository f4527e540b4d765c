/** When each device went down within the flapping window. */
import { eachInPieces } from './pieces.ts'
import type { CorrelationPolicy } from './types.ts'

export class Onsets {
  readonly #policy: Pick<CorrelationPolicy, 'flapCount' | 'flapWindowMs'>
  readonly #onsets = new Map<string, number[]>()

  constructor(policy: Pick<CorrelationPolicy, 'flapCount' | 'flapWindowMs'>) {
    this.#policy = policy
  }

  add(device: string, at: number): void {
    const onsets = this.#onsets.get(device)
    if (!onsets) this.#onsets.set(device, [at])
    else {
      onsets.push(at)
      if (onsets.length > 4 * this.#policy.flapCount) onsets.shift()
    }
  }

  /** Oldest first. */
  of(device: string): readonly number[] {
    return this.#onsets.get(device) ?? []
  }

  /** Forgets devices that are not out and have not gone down for a whole window. */
  *retire(now: number, isOut: (device: string) => boolean): Generator<void, void> {
    yield* eachInPieces(this.#onsets, ([device, onsets]) => {
      if (now - onsets.at(-1)! > this.#policy.flapWindowMs && !isOut(device)) this.#onsets.delete(device)
    })
  }
}
