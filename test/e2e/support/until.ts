/** Waiting for something that must become true, and saying what did not. */

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Asks again until the condition gives something truthy, which is returned. A condition that throws is "not yet": processes may be
 * starting. @throws Error that names `what`, the time, and what was seen last
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  seconds: number,
  what: string,
  everyMs = 100,
): Promise<Exclude<T, false | null | undefined>> {
  const startedAt = performance.now()
  let seen: unknown
  for (;;) {
    try {
      const found = await condition()
      if (found) return found as Exclude<T, false | null | undefined>
      seen = found
    } catch (error) {
      seen = error
    }
    if (performance.now() - startedAt > seconds * 1_000)
      throw new Error(`${what}: not within ${seconds.toFixed(1)} s; last seen: ${show(seen)}`, { cause: seen })
    await sleep(everyMs)
  }
}

const show = (seen: unknown): string => (seen instanceof Error ? seen.message : JSON.stringify(seen))
