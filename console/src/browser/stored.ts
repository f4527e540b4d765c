/** One choice kept in this browser. A browser that keeps nothing (private mode) still works. */
export function stored<T extends string>(key: string, allowed: readonly T[]) {
  return {
    read(): T | null {
      try {
        const value = localStorage.getItem(key)
        return allowed.find((a) => a === value) ?? null
      } catch {
        return null
      }
    },
    write(value: T): void {
      try {
        localStorage.setItem(key, value)
      } catch {
        // Nothing to do: the choice lasts as long as the page.
      }
    },
  }
}
