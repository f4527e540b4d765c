/** Long lists in statements of bounded length. */

/** Values of one statement. */
const perStatement = 400

export function* slicesOf<T>(items: readonly T[], size = perStatement): Generator<T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}
