/** Long work on lists, stopping after each piece so that others have their turn. */

const pieceLength = 1_000
const few = 64

/** The list as it is, stopping after every few. */
export function* eachInPieces<T>(list: Iterable<T>, work: (item: T) => void): Generator<void, void> {
  let n = 0
  for (const item of list) {
    work(item)
    if (++n % few === 0) yield
  }
}

/** Sorted, stable like `toSorted`: pieces by themselves, then merged. */
export function* sortedInPieces<T>(list: readonly T[], compare: (a: T, b: T) => number): Generator<void, T[]> {
  let runs: T[][] = []
  for (let i = 0; i < list.length; i += pieceLength) {
    runs.push(list.slice(i, i + pieceLength).sort(compare))
    yield
  }
  while (runs.length > 1) {
    const merged: T[][] = []
    for (let i = 0; i < runs.length; i += 2)
      merged.push(runs[i + 1] ? yield* merge(runs[i]!, runs[i + 1]!, compare) : runs[i]!)
    runs = merged
  }
  return runs[0] ?? []
}

function* merge<T>(a: readonly T[], b: readonly T[], compare: (a: T, b: T) => number): Generator<void, T[]> {
  const merged: T[] = []
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (j >= b.length || (i < a.length && compare(a[i]!, b[j]!) <= 0)) merged.push(a[i++]!)
    else merged.push(b[j++]!)
    if (merged.length % pieceLength === 0) yield
  }
  return merged
}
