/** Keeps what is on the screen in step with the hub: read again when the stream tells of a change, and by polling should it fall silent. */
import { currentFreshness, onChanged } from '../live/live.svelte.ts'

/** Changes that arrive together are one reading. */
const settleMs = 250
const whileLiveMs = 60_000
const whileSilentMs = 10_000

type What = Parameters<Parameters<typeof onChanged>[0]>[0]

/**
 * Call while a component is made. Reads at once, and whenever `path` asks something else.
 * `only`: of one outage or order; what happens to others is let pass (the page of 20,000 members is no small reading).
 */
export function follow(
  reading: { load(): Promise<void> },
  what: readonly What[],
  path: () => string | null,
  only: string | null = null,
): void {
  const everyMs = $derived(currentFreshness().kind === 'stale' ? whileSilentMs : whileLiveMs)
  $effect(() => {
    path()
    void reading.load()
  })
  $effect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null
    const stop = onChanged((changed, id) => {
      // An empty id: several at once.
      if (!what.includes(changed) || (only !== null && id !== '' && id !== only)) return
      timer ??= setTimeout(() => {
        timer = null
        void reading.load()
      }, settleMs)
    })
    const regular = setInterval(() => reading.load(), everyMs)
    return () => {
      stop()
      clearInterval(regular)
      if (timer) clearTimeout(timer)
    }
  })
}
