/** HTTP and RTSP Digest, the camera's side (RFC 2617, RFC 7616): stateless nonces that name their camera and minute. */
import { createHash, createHmac, randomBytes } from 'node:crypto'

export type DigestAlgorithm = 'MD5' | 'SHA-256'

export const realm = 'HengyangSims'
const secret = randomBytes(16)
const nonceLife = 300_000

const mark = (address: string, at: string): string =>
  createHmac('md5', secret).update(`${address} ${at}`).digest('hex').slice(0, 24)

function makeNonce(address: string, now: number, tail: string): string {
  const at = now.toString(16)
  return `${at}.${mark(address, at)}${tail}`
}

function nonceIs(nonce: string, address: string, now: number): 'fresh' | 'stale' | 'foreign' {
  const [at, signature] = nonce.replace(/=*$/, '').split('.')
  if (!at || signature !== mark(address, at)) return 'foreign'
  return now - Number.parseInt(at, 16) <= nonceLife ? 'fresh' : 'stale'
}

export function challenge(
  realm: string,
  address: string,
  now: number,
  {
    algorithm = 'MD5',
    qop = true,
    stale = false,
    nonceTail = '',
  }: { algorithm?: DigestAlgorithm; qop?: boolean; stale?: boolean; nonceTail?: string } = {},
): string {
  const parts = [`realm="${realm}"`, `nonce="${makeNonce(address, now, nonceTail)}"`]
  if (qop) parts.unshift('qop="auth"')
  if (algorithm !== 'MD5') parts.push(`algorithm=${algorithm}`)
  if (stale) parts.push('stale=TRUE')
  return `Digest ${parts.join(', ')}`
}

/** Whether an Authorization header is right for this camera now; `stale` asks for another try with a new nonce. */
export function checkDigest(
  header: string | undefined,
  expected: {
    user: string
    password: string
    realm: string
    method: string
    address: string
    now: number
    algorithm?: DigestAlgorithm
    /** A nonce serves one call. */
    once?: boolean
  },
): 'ok' | 'stale' | 'wrong' | 'none' {
  if (!header?.toLowerCase().startsWith('digest ')) return header ? 'wrong' : 'none'
  const field: Record<string, string> = {}
  for (const [, key, quoted, bare] of header.slice(7).matchAll(/(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/g))
    field[key!.toLowerCase()] = quoted ?? bare ?? ''
  const { username, realm, nonce, uri, response, qop, nc, cnonce } = field
  const state = nonceIs(nonce ?? '', expected.address, expected.now)
  if (username !== expected.user || realm !== expected.realm || state === 'foreign') return 'wrong'
  const name = expected.algorithm === 'SHA-256' ? 'sha256' : 'md5'
  const h = (text: string): string => createHash(name).update(text).digest('hex')
  const left = h(`${username}:${realm}:${expected.password}`)
  const right = h(`${expected.method}:${uri}`)
  const want = qop ? h(`${left}:${nonce}:${nc}:${cnonce}:${qop}:${right}`) : h(`${left}:${nonce}:${right}`)
  if (response !== want) return 'wrong'
  const used = expected.once === true && Number.parseInt(nc ?? '1', 16) > 1
  return state === 'stale' || used ? 'stale' : 'ok'
}
