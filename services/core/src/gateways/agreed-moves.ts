/** Cameras that have been given one another's addresses. Pure. */

/** A camera that is assigned at one host and answers at another. */
export type AddressMove = { device: string; from: string; to: string }

/**
 * Moves that agree: each leads to where another of them came from, and all of them close to a circle, as two cameras that have changed
 * places. One that leads to the address of a camera that has not moved is left out: there they contradict each other.
 * @param moves of one gateway. @param assigned hosts of everything that is assigned there: one that several share, as the channels of a
 * recorder do, says nothing of one of them
 */
export function agreedMoves<M extends AddressMove>(moves: readonly M[], assigned: Iterable<string>): M[] {
  const shared = new Map<string, number>()
  for (const host of assigned) shared.set(host, (shared.get(host) ?? 0) + 1)
  const byFrom = new Map(moves.filter(({ from }) => (shared.get(from) ?? 0) <= 1).map((move) => [move.from, move]))
  return moves.filter((move) => {
    let next = byFrom.get(move.to)
    for (let steps = 0; next && next !== move && steps < byFrom.size; steps++) next = byFrom.get(next.to)
    return next === move && move.from !== move.to
  })
}
