import type { Response } from 'express'

/** Aborted when the client goes away: nobody reads the answer any more. */
export function untilGone(res: Response): AbortSignal {
  const gone = new AbortController()
  res.on('close', () => gone.abort())
  return gone.signal
}
