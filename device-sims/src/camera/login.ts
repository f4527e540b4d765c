/** Who may: UsernameToken or HTTP Digest as the camera's make wants it, and the lock after too many wrong tries. */
import type { Camera } from './camera.ts'
import { challenge, checkDigest, realm } from './digest.ts'
import { refuseToken, type UsernameToken } from './token.ts'

/** `wrong`: credentials came and were refused; `none`: none came. */
export type Verdict = 'ok' | 'wrong' | 'none'

/** Counts wrong logins; true when this one may pass. A camera without a lock only passes the verdict on. */
export function admit(camera: Camera, verdict: Verdict, now: number): boolean {
  const { lockout } = camera.profile
  if (!lockout) return verdict === 'ok'
  if (now < camera.lockedUntil) return false
  if (verdict === 'ok') camera.wrongLogins = 0
  if (verdict === 'wrong' && ++camera.wrongLogins >= lockout.tries) {
    camera.wrongLogins = 0
    camera.lockedUntil = now + lockout.forMs
  }
  return verdict === 'ok'
}

/** `own` is the camera's own clock; `seen` says whether this very call came before. */
export function checkToken(
  { user, password, profile }: Camera,
  token: UsernameToken | undefined,
  own: number,
  seen: (digest: string) => boolean,
): Verdict {
  if (!token || profile.token === 'none') return 'none'
  const rule = { user, password, tolerance: profile.toleranceMs, accepts: profile.token }
  return refuseToken(token, rule, own, seen) === undefined ? 'ok' : 'wrong'
}

/** The challenge that an HTTP or RTSP request must be answered with; undefined when it is authorised. */
export function challengeUnlessAuthorised(
  camera: Camera,
  request: { method: string; authorization: string | undefined },
  now: number,
  {
    algorithm = 'MD5',
    nonceTail = '',
    nonceOnce,
    qop = true,
  }: Partial<NonNullable<Camera['profile']['http']>> & { qop?: boolean } = {},
): string | undefined {
  const { user, password, spec } = camera
  const { method, authorization } = request
  const state = checkDigest(authorization, {
    user,
    password,
    realm,
    method,
    address: spec.ipAddress,
    now,
    algorithm,
    once: nonceOnce === true,
  })
  if (admit(camera, state === 'stale' ? 'none' : state, now)) return undefined
  return challenge(realm, spec.ipAddress, now, { algorithm, qop, stale: state === 'stale', nonceTail })
}
