/** HTTP Digest (RFC 7616, and RFC 2069 where a camera knows no qop). Pure: nonces and counts come in as arguments. */
import { createHash } from 'node:crypto'

export type Challenge = { scheme: string; params: Record<string, string> }

/** hash name of Node by algorithm; `-sess` is cut off first. */
const hashes: Record<string, string> = { 'sha-512-256': 'sha512-256', 'sha-256': 'sha256', md5: 'md5' }

/**
 * Splits `WWW-Authenticate` lines into challenges (RFC 9110 11.6.1): parameters in any order, commas and `=` inside quotes,
 * `=` inside bare values, several challenges in one line. Parameter names come out in lower case.
 */
export function parseChallenges(lines: readonly string[]): Challenge[] {
  const challenges: Challenge[] = []
  for (const line of lines) {
    // A scheme is a word followed by a space and a parameter, or alone; a parameter is `name = value`.
    const token = /\s*,?\s*(?:([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))|([\w-]+))/gy
    for (let match = token.exec(line); match; match = token.exec(line)) {
      const [, name, quoted, bare, scheme] = match
      if (scheme) challenges.push({ scheme: scheme.toLowerCase(), params: {} })
      else {
        const params = challenges.at(-1)?.params
        if (params && name) params[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? ''
      }
    }
  }
  return challenges
}

const algorithmOf = (challenge: Challenge) => (challenge.params.algorithm || 'MD5').toLowerCase().replace(/-sess$/, '')
const qops = (challenge: Challenge) => challenge.params.qop?.split(',').map((q) => q.trim().toLowerCase())

/** The strongest Digest challenge that can be answered; undefined when there is none. */
export function pickDigest(challenges: readonly Challenge[]): Challenge | undefined {
  const usable = challenges.filter(
    (c) => c.scheme === 'digest' && c.params.nonce && algorithmOf(c) in hashes && (qops(c)?.includes('auth') ?? true),
  )
  const strength = Object.keys(hashes)
  return usable.sort((a, b) => strength.indexOf(algorithmOf(a)) - strength.indexOf(algorithmOf(b)))[0]
}

/** The login was right, and its nonce is too old (RFC 7616 3.3). */
export const isStale = ({ params }: Challenge): boolean => /^true$/i.test(params.stale ?? '')

export type DigestRequest = {
  method: string
  uri: string
  user: string
  password: string
  /** Requests sent with this nonce, this one included. */
  count: number
  cnonce: string
}

/** The value of the `Authorization` header. User and password are hashed as UTF-8. */
export function answerDigest(challenge: Challenge, request: DigestRequest): string {
  const { realm = '', nonce = '', opaque, algorithm } = challenge.params
  const hash = (text: string) => createHash(hashes[algorithmOf(challenge)]!).update(text, 'utf8').digest('hex')
  const count = request.count.toString(16).padStart(8, '0')
  const secret = hash(`${request.user}:${realm}:${request.password}`)
  const ha1 = /-sess$/i.test(algorithm ?? '') ? hash(`${secret}:${nonce}:${request.cnonce}`) : secret
  const ha2 = hash(`${request.method}:${request.uri}`)
  const auth = qops(challenge) !== undefined
  const response = auth
    ? hash(`${ha1}:${nonce}:${count}:${request.cnonce}:auth:${ha2}`)
    : hash(`${ha1}:${nonce}:${ha2}`)
  const quoted = (value: string) => `"${value.replace(/["\\]/g, '\\$&')}"`
  return [
    `Digest username=${quoted(request.user)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(request.uri)}`,
    ...(algorithm ? [`algorithm=${algorithm}`] : []),
    ...(auth ? ['qop=auth', `nc=${count}`, `cnonce="${request.cnonce}"`] : []),
    `response="${response}"`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
  ].join(', ')
}
