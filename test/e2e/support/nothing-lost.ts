/**
 * "Nothing acknowledged is lost, and nothing is there twice", asked of the disks: each batch number that a spool has given is in the spool
 * still or in the Record, for a spool lets go only of what was acknowledged.
 */
import type { RawBatch, Spooled } from './evidence.ts'

type Name = Pick<RawBatch, 'gateway' | 'epoch' | 'seq'>
const nameOf = ({ gateway, epoch, seq }: Name) => `${gateway} ${epoch} ${seq}`

/**
 * @param spools read before the batches: what is committed meanwhile is no loss
 * @returns names of batches that are nowhere
 */
export function lostOf(spools: readonly (Spooled & { gateway: string })[], batches: readonly Name[]): string[] {
  const committed = new Set(batches.map(nameOf))
  return spools.flatMap(({ gateway, epoch, seq: last, waiting }) => {
    const there = new Set(waiting)
    return Array.from({ length: last }, (_, n) => n + 1)
      .filter((seq) => !there.has(seq) && !committed.has(nameOf({ gateway, epoch, seq })))
      .map((seq) => nameOf({ gateway, epoch, seq }))
  })
}

/**
 * Given all batches, or those of each call that are new since the last one, returns what was there before: batches by name, observations by
 * device and time.
 */
export function createTwiceFinder(): (batches: readonly RawBatch[]) => string[] {
  const names = new Set<string>()
  const times = new Map<string, Set<number>>()
  return (batches) => {
    const twice: string[] = []
    for (const batch of batches) {
      const name = nameOf(batch)
      if (names.size === names.add(name).size) twice.push(name)
      for (const { device, at } of batch.observations) {
        const own = times.get(device) ?? new Set()
        times.set(device, own)
        if (own.size === own.add(at).size) twice.push(`${device} ${at}`)
      }
    }
    return twice
  }
}
