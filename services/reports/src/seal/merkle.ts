/** The root of a Merkle tree over a list, as it is read: RFC 6962 2.1, whose leaves and nodes are told apart by their first byte. */
import { createHash } from 'node:crypto'

const hash = (prefix: number, ...parts: readonly Uint8Array[]): Buffer => {
  const sum = createHash('sha256').update(Uint8Array.of(prefix))
  for (const part of parts) sum.update(part)
  return sum.digest()
}

export class MerkleTree {
  /** Roots of whole subtrees, the largest first. */
  readonly #subtrees: { size: number; root: Buffer }[] = []

  add(leaf: string): void {
    let last = { size: 1, root: hash(0, Buffer.from(leaf)) }
    for (let before = this.#subtrees.at(-1); before?.size === last.size; before = this.#subtrees.at(-1)) {
      last = { size: last.size * 2, root: hash(1, before.root, last.root) }
      this.#subtrees.pop()
    }
    this.#subtrees.push(last)
  }

  /** Hex. Of nothing: the hash of nothing. */
  root(): string {
    const roots = this.#subtrees.map(({ root }) => root)
    const root = roots.reduceRight<Buffer | undefined>(
      (right, left) => (right ? hash(1, left, right) : left),
      undefined,
    )
    return (root ?? createHash('sha256').digest()).toString('hex')
  }
}
