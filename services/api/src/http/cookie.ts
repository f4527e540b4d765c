/** The session cookie: a random token that only the browser holds. */
import { sessionCookie } from '@hub/contracts'
import type { Request, Response } from 'express'

export function readToken(req: Request): string | undefined {
  for (const part of (req.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2)
    if (name === sessionCookie && value) return value
  }
  return undefined
}

/** `token` undefined clears it. `Secure` over https only, so that a hub on loopback works without a certificate. */
export function writeToken(req: Request, res: Response, token: string | undefined, maxAgeSeconds = 0): void {
  const attributes = [
    'Path=/',
    'HttpOnly',
    'SameSite=Strict',
    `Max-Age=${maxAgeSeconds}`,
    ...(req.secure ? ['Secure'] : []),
  ]
  res.set('Set-Cookie', [`${sessionCookie}=${token ?? ''}`, ...attributes].join('; '))
}
