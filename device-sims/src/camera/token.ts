/** WS-UsernameToken (OASIS WSS UsernameToken Profile 1.0): digest = Base64(SHA-1(nonce + created + password)). */
import { createHash, timingSafeEqual } from 'node:crypto'

export type UsernameToken = {
  user: string
  password: string
  digest: boolean
  /** Base64, as sent. */
  nonce: string
  created: string
}

export type TokenRefusal = 'user' | 'password' | 'created' | 'replayed' | 'type'

export const passwordDigest = (nonce: string, created: string, password: string): string =>
  createHash('sha1').update(Buffer.from(nonce, 'base64')).update(created).update(password).digest('base64')

export type TokenRule = {
  user: string
  password: string
  /** Milliseconds that `Created` may lie from the camera's own clock, either way. */
  tolerance: number
  accepts: 'digest' | 'text' | 'both'
}

/**
 * Why a token is refused, or undefined. `now` is the camera's own clock; `seen` says whether this very message came before. That is asked of
 * the digest and not of the nonce: clients that keep one nonce for a session and change `Created` alone (libonvif 1.4.4) are served by
 * cameras in the field, and here.
 */
export function refuseToken(
  token: UsernameToken,
  rule: TokenRule,
  now: number,
  seen: (digest: string) => boolean,
): TokenRefusal | undefined {
  if (token.user !== rule.user) return 'user'
  if (rule.accepts !== 'both' && (rule.accepts === 'digest') !== token.digest) return 'type'
  if (!token.digest) return same(token.password, rule.password) ? undefined : 'password'
  if (!same(token.password, passwordDigest(token.nonce, token.created, rule.password))) return 'password'
  const created = Date.parse(token.created)
  if (!(Math.abs(created - now) <= rule.tolerance)) return 'created'
  return seen(token.password) ? 'replayed' : undefined
}

function same(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)]
  return x.length === y.length && timingSafeEqual(x, y)
}

/**
 * Digests seen lately, of all cameras together: two generations, so that forgetting costs nothing. One is remembered for at least
 * `window` milliseconds, and a token older than that is refused by its `Created` anyway.
 */
export function createReplayWindow(window: number): (key: string, now: number) => boolean {
  let [young, old] = [new Set<string>(), new Set<string>()]
  let turned = 0
  return (key, now) => {
    if (Math.abs(now - turned) > window) {
      ;[young, old] = [new Set(), young]
      turned = now
    }
    if (young.has(key) || old.has(key)) return true
    young.add(key)
    return false
  }
}
