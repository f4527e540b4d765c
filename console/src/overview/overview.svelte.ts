/** The overview's figures: one source for the city's rate wherever it is shown. Read again when states change, at most every two seconds. */
import type { Overview } from '@hub/contracts'
import { Resource } from '../api/resource.svelte.ts'
import { onLive } from '../live/live.svelte.ts'
import { view } from '../router/router.svelte.ts'

const afterChangeMs = 2_000
const atLeastEveryMs = 30_000

export const cityOverview = new Resource<Overview>(() => '/overview')
const narrowed = new Resource<Overview>(() => (view().district ? `/overview?district=${view().district}` : null))

/** The overview of the district in scope, or of all that the viewer may see. */
export const scopedOverview = (): Resource<Overview> => (view().district ? narrowed : cityOverview)

/** Call in an effect's scope. Returns the stop. */
export function keepOverview(): () => void {
  const read = () => {
    void cityOverview.load()
    void narrowed.load()
  }
  let timer: ReturnType<typeof setTimeout> | null = null
  const stop = onLive(() => {
    timer ??= setTimeout(() => {
      timer = null
      read()
    }, afterChangeMs)
  })
  const regular = setInterval(read, atLeastEveryMs)
  void cityOverview.load()
  return () => {
    stop()
    clearInterval(regular)
    if (timer) clearTimeout(timer)
    cityOverview.clear()
    narrowed.clear()
  }
}

/** Reads the scope's overview when the scope changes. */
export const loadScope = (): Promise<void> => narrowed.load()
