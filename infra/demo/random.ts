/** Chance that is the same at every run: a stream of numbers for each name (FNV-1a into mulberry32). */
export type Random = () => number

/** @returns numbers in [0, 1) */
export function randomOf(name: string): Random {
  let state = 0x811c9dc5
  for (let n = 0; n < name.length; n++) state = Math.imul(state ^ name.charCodeAt(n), 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
