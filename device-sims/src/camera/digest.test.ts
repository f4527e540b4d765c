import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { challenge, checkDigest, type DigestAlgorithm } from './digest.ts'

const now = 1_800_000_000_000
const base = { user: 'admin', password: '密码"&', realm: 'r', method: 'GET', address: '127.11.0.1', now }

/** A client after RFC 7616, written apart from the camera's side. */
function authorise(
  header: string,
  password: string,
  algorithm: DigestAlgorithm = 'MD5',
  uri = '/snapshot.jpg',
): string {
  const h = (s: string) =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(s)
      .digest('hex')
  const nonce = /nonce="([^"]+)"/.exec(header)![1]!
  const qop = header.includes('qop="auth"')
  const [a, b] = [h(`admin:r:${password}`), h(`GET:${uri}`)]
  const response = qop ? h(`${a}:${nonce}:00000001:cc:auth:${b}`) : h(`${a}:${nonce}:${b}`)
  return `Digest response="${response}", ${qop ? 'qop=auth, nc=00000001, cnonce="cc", ' : ''}uri="${uri}", nonce="${nonce}", realm="r", username="admin"`
}

describe('HTTP Digest', () => {
  it.each([
    ['MD5', true],
    ['MD5', false],
    ['SHA-256', true],
  ] as const)('%s with qop %s', (algorithm, qop) => {
    const header = challenge('r', base.address, now, { algorithm, qop })
    const check = (password: string, change = {}) =>
      checkDigest(authorise(header, password, algorithm), { ...base, algorithm, ...change })
    expect(check('密码"&')).toBe('ok')
    expect(check('wrong')).toBe('wrong')
    expect(check('密码"&', { method: 'POST' })).toBe('wrong')
    expect(check('密码"&', { address: '127.11.0.2' })).toBe('wrong')
    expect(check('密码"&', { now: now + 300_001 })).toBe('stale')
  })
  it('tells a missing header from a wrong scheme', () => {
    expect(checkDigest(undefined, base)).toBe('none')
    expect(checkDigest('Basic YWRtaW46YQ==', base)).toBe('wrong')
    expect(checkDigest('Digest', base)).toBe('wrong')
  })
  it('accepts no nonce of its own making', () => {
    const forged = authorise('Digest realm="r", nonce="abc.def"', base.password)
    expect(checkDigest(forged, base)).toBe('wrong')
  })
})
