/** The overview's figures: one source for the city's rate wherever it is shown. Read again when states change, at most every two seconds. */
import type { Overview } from '@hub/contracts'
import { Resource } from '../../api/resource.svelte.ts'
import { onChanged, onLive } from '../../live/live.svelte.ts'
import { address } from '../../router/router.svelte.ts'

const afterChangeMs = 2_000
const afterOutageMs = 250
const atLeastEveryMs = 30_000

export const cityOverview = new Resource<Overview>(() => '/overview')
const narrowed = new Resource<Overview>(() => (address().district ? `/overview?district=${address().district}` : null))

/** The overview of the district in scope, or of all that the viewer may see. */
export const scopedOverview = (): Resource<Overview> => (address().district ? narrowed : cityOverview)

/** Call in an effect's scope. Returns the stop. */
export function keepOverview(): () => void {
  const read = () => {
    void cityOverview.load()
    void narrowed.load()
  }
  let timer: ReturnType<typeof setTimeout> | null = null
  const soon = (afterMs: number) => {
    timer ??= setTimeout(() => {
      timer = null
      read()
    }, afterMs)
  }
  const stops = [
    onLive(() => soon(afterChangeMs)),
    // An outage is rare, and what a wall is watched for.
    onChanged((what) => what === 'outages' && soon(afterOutageMs)),
  ]
  const regular = setInterval(read, atLeastEveryMs)
  void cityOverview.load()
  return () => {
    for (const stop of stops) stop()
    clearInterval(regular)
    if (timer) clearTimeout(timer)
    cityOverview.clear()
    narrowed.clear()
  }
}

/** Reads the scope's overview when the scope changes. */
export const loadScope = (): Promise<void> => narrowed.load()
