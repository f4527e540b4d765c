/** What is missing between the batches of a spool: a gateway numbers them without gaps. */
export type Gap = { gateway: string; epoch: number; from: number; to: number }
type Range = { from: number; to: number }

/** Numbers that are there, spool by spool: millions, nearly all of them one after the other. */
export class Spools {
  readonly ranges = new Map<string, Range[]>()

  /** Both ends included. */
  add({ gateway, epoch }: { gateway: string; epoch: number }, { from, to }: Range): void {
    const spool = `${gateway}:${epoch}`
    const ranges = this.ranges.get(spool)
    const last = ranges?.at(-1)
    if (last && from === last.to + 1) last.to = to
    else if (ranges) ranges.push({ from, to })
    else this.ranges.set(spool, [{ from, to }])
  }
}

/** Numbers that are missing between the first and the last of each spool. */
export function gapsOf({ ranges }: Spools): Gap[] {
  return [...ranges].flatMap(([spool, own]) => {
    const [gateway, epoch] = spool.split(':')
    const gaps: Gap[] = []
    let end: number | undefined
    for (const { from, to } of own.toSorted((a, b) => a.from - b.from)) {
      if (end !== undefined && from > end + 1)
        gaps.push({ gateway: gateway!, epoch: Number(epoch), from: end + 1, to: from - 1 })
      end = Math.max(end ?? to, to)
    }
    return gaps
  })
}
