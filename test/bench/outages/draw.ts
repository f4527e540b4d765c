/** Seeded draws for the corpus (mulberry32). */
export type Draw = {
  /** [0, 1) */
  next(): number
  /** Whole number, both ends included. */
  between(least: number, most: number): number
  pick<T>(list: readonly T[]): T
}

export function createDraw(seed: number): Draw {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return { next, between, pick: (list) => list[between(0, list.length - 1)]! }
}
