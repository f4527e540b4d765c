/** Keeps what is on the screen in step with the hub: read again when the stream reports a change, and by polling should it fall silent. */

import { minuteMs } from '@hub/core'
import { currentFreshness, onChanged } from '../../live/live.svelte.ts'

/** Changes that arrive together are one request. */
const settleMs = 250
const whileLiveMs = minuteMs
const whileSilentMs = 10_000

type What = Parameters<Parameters<typeof onChanged>[0]>[0]

/**
 * Call while a component is made. Reads at once, and whenever `path` asks something else.
 * `only`: of one outage or order; what happens to others is let pass (the page of 20,000 members is no small request).
 */
export function follow(
  resource: { load(): Promise<void> },
  what: readonly What[],
  path: () => string | null,
  only: string | null = null,
): void {
  const everyMs = $derived(currentFreshness().kind === 'stale' ? whileSilentMs : whileLiveMs)
  $effect(() => {
    path()
    void resource.load()
  })
  $effect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null
    const stop = onChanged((changed, id) => {
      // No id: several at once.
      if (!what.includes(changed) || (only !== null && id !== null && id !== only)) return
      timer ??= setTimeout(() => {
        timer = null
        void resource.load()
      }, settleMs)
    })
    const regular = setInterval(() => resource.load(), everyMs)
    return () => {
      stop()
      clearInterval(regular)
      if (timer) clearTimeout(timer)
    }
  })
}
