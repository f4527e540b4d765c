/** Finds the points of a batch that a store will not have, by halves: all parts of one size before any smaller one. */

type Sifting<T> = {
  /** Rejects when not all of them are stored. */
  write(part: readonly T[]): Promise<void>
  /** Whether the store has answered. Otherwise it is away, and nothing is known of the points. */
  isAnswer(err: unknown): boolean
  /** The answer is about the points. Otherwise it may be about the store: then nothing is blamed before something of the batch is stored. */
  isCertain: boolean
}
type Blamed<T> = { item: T; err: unknown }

/** So many parts of which none was stored: it is the store. */
const partsOfNone = 8

/**
 * @param err why the whole batch was not stored
 * @throws when it is not the points
 */
export async function sift<T>(batch: readonly T[], err: unknown, { write, isAnswer, isCertain }: Sifting<T>) {
  const stored: T[] = []
  const blamed: Blamed<T>[] = batch.length === 1 ? [{ item: batch[0]!, err }] : []
  const isStore = () => !isCertain && stored.length === 0
  for (let parts = batch.length === 1 ? [] : [batch]; parts.length > 0; ) {
    const smaller: (readonly T[])[] = []
    for (const part of parts.flatMap(halves))
      try {
        await write(part)
        stored.push(...part)
      } catch (err) {
        if (!isAnswer(err)) throw err
        if (part.length === 1) blamed.push({ item: part[0]!, err })
        else smaller.push(part)
      }
    if (isStore() && smaller.length + blamed.length >= partsOfNone) throw err
    parts = smaller
  }
  if (isStore()) throw err
  return { stored, blamed }
}

const halves = <T>(part: readonly T[]): (readonly T[])[] => {
  const half = part.length >>> 1
  return [part.slice(0, half), part.slice(half)]
}
