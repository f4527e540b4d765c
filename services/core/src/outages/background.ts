/** How often devices fail by themselves: what coincidences are weighed against. */
import { hourMs } from '../common/time/units.ts'
import type { Topology } from './topology.ts'

const memoryMs = hourMs
/** Held of a city of which nothing has been seen yet: one device in a hundred in an hour. More than any city has for long. */
const atFirst = 0.01

/** Failures per device and millisecond. */
export class Background {
  /** When lone failures of the last hour began, oldest first. */
  #onsets: number[] = []

  /** A failure that nothing explains, and nothing will any more. */
  note(at: number): void {
    this.#onsets.push(at)
  }

  rate(topology: Topology, now: number): number {
    const from = now - memoryMs
    if (this.#onsets.length > 0 && this.#onsets[0]! < from) this.#onsets = this.#onsets.filter((at) => at >= from)
    return atFirst / memoryMs + this.#onsets.length / Math.max(1, topology.nodes.size) / memoryMs
  }
}
