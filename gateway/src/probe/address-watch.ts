/**
 * Which known camera answers at which known address. Where one is heard at the address of another (DHCP has given them each other's),
 * nothing that answers there is credited to either, until it is heard at its own address again or is assigned anew. Pure.
 */
import { ByKey } from '../by-key.ts'

/** `ownHost`: the address that it is assigned at. */
export type Placed = { readonly id: string; readonly ownHost: string }
export type ConflictChange<T> = { begun: readonly T[]; ended: readonly T[] }

export class AddressWatch<T extends Placed> {
  readonly #byHost = new ByKey<T>()
  /** In conflict, and by whom: by itself where it is heard elsewhere, by others where they are heard at its address. */
  readonly #causes = new Map<T, Set<T>>()

  add(item: T): void {
    this.#byHost.add(item.ownHost, item)
  }

  /** @returns whose conflict ends with it */
  remove(item: T): readonly T[] {
    this.#byHost.remove(item.ownHost, item)
    this.#causes.delete(item)
    return this.#uncause(item)
  }

  /** It is known by other means what answers there. @returns whether it was in conflict */
  settle(item: T): boolean {
    return this.#causes.delete(item)
  }

  /** A known camera answers at an address, its own or another. */
  heard(item: T, address: string): ConflictChange<T> {
    if (address === item.ownHost) {
      const ended = this.#causes.delete(item) ? [item] : []
      return { begun: [], ended: [...ended, ...this.#uncause(item)] }
    }
    const others = this.#byHost.all(address).filter((other) => other !== item)
    // It has moved to an address that nobody has: its own is silent, or somebody unknown answers there.
    if (others.length === 0) return nothing
    return { begun: [item, ...others].filter((each) => this.#cause(each, item)), ended: [] }
  }

  /** @returns whether its conflict begins with it */
  #cause(item: T, by: T): boolean {
    const causes = this.#causes.get(item)
    if (causes) causes.add(by)
    else this.#causes.set(item, new Set([by]))
    return causes === undefined
  }

  #uncause(by: T): T[] {
    const ended: T[] = []
    for (const [item, causes] of this.#causes)
      if (causes.delete(by) && causes.size === 0) {
        this.#causes.delete(item)
        ended.push(item)
      }
    return ended
  }
}

const nothing: ConflictChange<never> = { begun: [], ended: [] }
