/** How many devices are in an outage, how many still out, and since when none. */
import type { CorrelatedOutage, Episode } from './types.ts'

/** Devices in an outage, and of these still out. */
export function countsOf(outage: Pick<CorrelatedOutage, 'episodes'>): { members: number; down: number } {
  const members = new Set<string>()
  const down = new Set<string>()
  for (const { device, to } of outage.episodes) {
    members.add(device)
    if (to === null) down.add(device)
  }
  return { members: members.size, down: down.size }
}

/** The same, kept up as episodes come, end and leave: twenty thousand are not counted again at each step. */
export class Tally {
  readonly #episodesOf = new Map<string, number>()
  #episodes = 0
  #down = 0

  get episodes(): number {
    return this.#episodes
  }

  get members(): number {
    return this.#episodesOf.size
  }

  /** A device has at most one episode that has not ended. */
  get down(): number {
    return this.#down
  }

  add({ device, to }: Episode): void {
    this.#episodesOf.set(device, (this.#episodesOf.get(device) ?? 0) + 1)
    this.#episodes++
    if (to === null) this.#down++
  }

  remove({ device, to }: Episode): void {
    const left = this.#episodesOf.get(device)! - 1
    if (left === 0) this.#episodesOf.delete(device)
    else this.#episodesOf.set(device, left)
    this.#episodes--
    if (to === null) this.#down--
  }

  /** One of those that were out is back. */
  end(): void {
    this.#down--
  }
}

/** When the last member came back; null while one is out. */
export function endOf({ episodes }: Pick<CorrelatedOutage, 'episodes'>): number | null {
  let end = Number.NEGATIVE_INFINITY
  for (const { to } of episodes) {
    if (to === null) return null
    if (to > end) end = to
  }
  return end
}
