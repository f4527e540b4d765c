/** A site is normal when it answers a GET with 2xx or 3xx in time. Redirects are an answer and are not followed; no login is ever sent. */
import type { Deps } from '@hub/platform'
import type { MonitoredConfig } from './config.ts'
import { abnormal, normal, type System, type Verdict } from './system.ts'

export function siteSystems(
  { config, clock }: Pick<Deps<MonitoredConfig>, 'config' | 'clock'>,
  stopping: AbortSignal,
): System[] {
  const timeoutMs = config.platforms.timeoutSeconds * 1_000
  return config.platforms.sites.map(({ id, name, url }) => ({
    id: `site:${id}`,
    name,
    kind: 'site',
    url,
    check: () => ask(clock, url, timeoutMs, stopping),
  }))
}

/** In time means the head of the answer: how long a page is says nothing about the site. */
async function ask(clock: Deps['clock'], url: string, timeoutMs: number, stopping: AbortSignal): Promise<Verdict> {
  const began = clock.now()
  const giveUp = new AbortController()
  const cancel = clock.after(timeoutMs, () => giveUp.abort())
  try {
    const signal = AbortSignal.any([giveUp.signal, stopping])
    const { status, body } = await fetch(url, { redirect: 'manual', credentials: 'omit', signal })
    const ms = clock.now() - began
    await body?.cancel().catch(() => {}) // the verdict stands, however the rest of the page ends
    return status >= 200 && status < 400 ? normal(ms) : abnormal(`http-${status}`, ms)
  } catch (error) {
    const ms = clock.now() - began
    return giveUp.signal.aborted ? abnormal('timeout', ms) : abnormal(wordOf(error), ms)
  } finally {
    cancel()
  }
}

/** fetch tells what went wrong by the code of the cause: ECONNREFUSED, ENOTFOUND, CERT_HAS_EXPIRED… */
function wordOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: string; message?: string } | undefined) : undefined
  return cause?.code ?? cause?.message ?? 'failed'
}
