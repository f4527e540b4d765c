/** Devices that have failed together before, though nothing on record joins them: what they share is real, and unnamed. */

export type PastFailure = { device: string; from: number }

/** So often together… */
const leastTimes = 2
/** …and seldom apart: the share of the failures of either in which both failed. */
const togetherShare = 0.6
/** Of more failures at one moment nothing is learned: they had a cause that reached wide. */
const mostAtOnce = 30

/**
 * @param failures past ones without a recorded cause, in any order. @param spanMs failures of one moment are seen within it.
 * @returns cohorts by name: the lowest of their devices. The same failures give the same cohorts.
 */
export function learnCohorts(failures: readonly PastFailure[], spanMs: number): Map<string, string[]> {
  const times = new Map<string, number>()
  const pairs = new Map<string, number>()
  for (const devices of moments(failures, spanMs)) {
    for (const device of devices) times.set(device, (times.get(device) ?? 0) + 1)
    if (devices.length > mostAtOnce) continue
    for (const [n, a] of devices.entries())
      for (const b of devices.slice(n + 1)) pairs.set(`${a} ${b}`, (pairs.get(`${a} ${b}`) ?? 0) + 1)
  }
  const head = new Map<string, string>()
  const headOf = (device: string): string => {
    const above = head.get(device)
    return above === undefined ? device : headOf(above)
  }
  for (const [pair, together] of pairs) {
    const [a, b] = pair.split(' ') as [string, string]
    if (together < leastTimes || together < togetherShare * (times.get(a)! + times.get(b)! - together)) continue
    const [low, high] = [headOf(a), headOf(b)].sort() as [string, string]
    if (low !== high) head.set(high, low)
  }
  const cohorts = new Map<string, string[]>()
  for (const device of [...times.keys()].sort()) {
    const name = headOf(device)
    const members = cohorts.get(name)
    if (members) members.push(device)
    else cohorts.set(name, [device])
  }
  for (const [name, members] of cohorts) if (members.length < 2) cohorts.delete(name)
  return cohorts
}

/** The devices of each moment, ascending, each once. */
function* moments(failures: readonly PastFailure[], spanMs: number): Generator<string[]> {
  const sorted = failures.toSorted((a, b) => a.from - b.from)
  for (let i = 0; i < sorted.length; ) {
    const devices = new Set<string>()
    for (const { from } = sorted[i]!; i < sorted.length && sorted[i]!.from - from <= spanMs; i++)
      devices.add(sorted[i]!.device)
    yield [...devices].sort()
  }
}
