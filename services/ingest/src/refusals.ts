/** Counts of what was refused, by gateway, device and reason: gathered over a batch, written with it. */
import type { RefusalReason } from '@hub/contracts'
import type { Store } from './store.ts'

export class Refusals {
  readonly #counts = new Map<string, { device: string; reason: RefusalReason; count: number }>()

  /** @param device '' where it is of none on record */
  add(device: string, reason: RefusalReason): void {
    const key = `${device} ${reason}`
    const counted = this.#counts.get(key)
    if (counted) counted.count++
    else this.#counts.set(key, { device, reason, count: 1 })
  }

  /** Inside the transaction of the batch. */
  write(store: Pick<Store, 'countRefusal'>, gateway: string, at: number): void {
    for (const { device, reason, count } of this.#counts.values())
      store.countRefusal(gateway, device, reason, count, at)
  }
}
