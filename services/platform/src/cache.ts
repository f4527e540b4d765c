/** Answers that are dear to make and good for a while. Askers at the same moment share one answer; a failure is not kept. */
import type { Clock } from './clock.ts'

const most = 256

export interface Cache<T> {
  get(key: string, make: () => Promise<T>): Promise<T>
  clear(): void
}

export function createCache<T>(clock: Pick<Clock, 'now'>, ttlMs: number): Cache<T> {
  const entries = new Map<string, { until: number; value: Promise<T> }>()
  return {
    get(key, make) {
      const kept = entries.get(key)
      if (kept && kept.until > clock.now()) return kept.value
      const entry = { until: clock.now() + ttlMs, value: make() }
      entries.delete(key)
      entries.set(key, entry)
      if (entries.size > most) entries.delete(entries.keys().next().value as string)
      entry.value.catch(() => entries.get(key) === entry && entries.delete(key))
      return entry.value
    },
    clear: () => entries.clear(),
  }
}
