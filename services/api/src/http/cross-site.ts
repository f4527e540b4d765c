/** Requests that change something must come from this site (or from no browser at all). */
import { HubError } from '@hub/contracts'
import type { Next, Request, Response } from 'express'

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

function originHost(origin: string): string | undefined {
  try {
    return new URL(origin).host
  } catch {
    return undefined
  }
}

/** Fetch Metadata first, Origin where a browser has none (W3C Fetch Metadata; OWASP CSRF). */
export function refuseCrossSite(req: Request, _res: Response, next: Next): void {
  const site = req.headers['sec-fetch-site']
  const { origin, host } = req.headers
  const foreign =
    !safe.has(req.method) &&
    ((site !== undefined && site !== 'same-origin' && site !== 'none') ||
      (origin !== undefined && originHost(origin) !== host))
  next(foreign ? new HubError('request.cross-site') : undefined)
}
