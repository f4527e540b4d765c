/** Work that nobody waits for: kept in sight until it ends, and a defect in it is logged as such. */
import type { Log } from '@hub/platform'

export class Background {
  readonly #log: Log
  #count = 0
  readonly #waiting: (() => void)[] = []

  constructor(log: Log) {
    this.#log = log
  }

  /** @param device what it is for. */
  run(work: Promise<unknown>, device: string): void {
    this.begin()
    work.then(
      () => this.end(),
      (err: unknown) => this.end(err, device),
    )
  }

  /** The same in two halves, for work that is told of its own end. @param err why it could not be finished */
  begin(): void {
    this.#count++
  }
  end(err?: unknown, device?: string): void {
    if (err !== undefined) this.#log.error({ err, device }, 'a probe could not be finished')
    if (--this.#count === 0) for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** Resolves when all of it has ended. */
  async ended(): Promise<void> {
    if (this.#count > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }
}
