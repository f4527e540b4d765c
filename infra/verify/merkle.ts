/** The root of a Merkle tree over a list of leaves: RFC 6962 2.1, by its definition. */
import { hex, joined, sha256 } from './bytes.ts'

/** Leaves of one turn: a digest at a time would wait for each. */
const atOnce = 512

/** Hex. */
export async function merkleRoot(leaves: readonly Uint8Array[]): Promise<string> {
  if (leaves.length === 0) return hex(await sha256(new Uint8Array()))
  let level: Uint8Array<ArrayBuffer>[] = []
  for (let i = 0; i < leaves.length; i += atOnce)
    level.push(
      ...(await Promise.all(leaves.slice(i, i + atOnce).map((leaf) => sha256(joined(Uint8Array.of(0), leaf))))),
    )
  // Neighbours in pairs, one that is left goes up as it is: the same tree as the definition's split at the largest power of two.
  while (level.length > 1) {
    const up: Uint8Array<ArrayBuffer>[] = []
    for (let i = 0; i < level.length; i += 2 * atOnce) {
      const some = level.slice(i, i + 2 * atOnce)
      const pairs = Array.from(
        { length: Math.ceil(some.length / 2) },
        (_, n) => [some[2 * n]!, some[2 * n + 1]] as const,
      )
      up.push(...(await Promise.all(pairs.map(([a, b]) => (b ? sha256(joined(Uint8Array.of(1), a, b)) : a)))))
    }
    level = up
  }
  return hex(level[0]!)
}
