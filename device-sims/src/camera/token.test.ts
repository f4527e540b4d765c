import { describe, expect, it } from 'vitest'
import { createReplayWindow, passwordDigest, refuseToken, type TokenRule, type UsernameToken } from './token.ts'

// ONVIF Application Programmer's Guide 1.0, 6.1.1.3
const vector = { nonce: 'LKqI6G/AikKCQrN0zqZFlg==', created: '2010-09-16T07:50:45Z', password: 'userpassword' }
const digest = 'tuOSpGlFlIXsozq4HFNeeGeFLEI='
const at = Date.parse(vector.created)
const rule: TokenRule = { user: 'user', password: 'userpassword', tolerance: 60_000, accepts: 'digest' }
const token: UsernameToken = {
  user: 'user',
  password: digest,
  digest: true,
  nonce: vector.nonce,
  created: vector.created,
}
const never = () => false

describe('WS-UsernameToken', () => {
  it('makes the digest of the ONVIF programmer’s guide', () => {
    expect(passwordDigest(vector.nonce, vector.created, vector.password)).toBe(digest)
  })
  it('takes a password of Chinese characters as UTF-8', () => {
    expect(passwordDigest(vector.nonce, vector.created, '衡阳&<')).not.toBe(
      passwordDigest(vector.nonce, vector.created, '衡阴&<'),
    )
  })
  it('accepts the right token and nothing else', () => {
    expect(refuseToken(token, rule, at, never)).toBeUndefined()
    expect(refuseToken({ ...token, user: 'admin' }, rule, at, never)).toBe('user')
    expect(refuseToken({ ...token, password: 'AAAA' }, rule, at, never)).toBe('password')
    expect(refuseToken(token, { ...rule, password: 'other' }, at, never)).toBe('password')
    expect(refuseToken({ ...token, created: 'yesterday' }, rule, at, never)).toBe('password')
  })
  it('refuses a Created outside the tolerance of the camera’s own clock, either way', () => {
    expect(refuseToken(token, rule, at + 60_000, never)).toBeUndefined()
    expect(refuseToken(token, rule, at + 60_001, never)).toBe('created')
    expect(refuseToken(token, rule, at - 60_001, never)).toBe('created')
  })
  it('takes text only where the profile takes text', () => {
    const text = { ...token, password: 'userpassword', digest: false }
    expect(refuseToken(text, rule, at, never)).toBe('type')
    expect(refuseToken(token, { ...rule, accepts: 'text' }, at, never)).toBe('type')
    expect(refuseToken(text, { ...rule, accepts: 'text' }, at, never)).toBeUndefined()
    expect(refuseToken({ ...text, password: 'wrong' }, { ...rule, accepts: 'both' }, at, never)).toBe('password')
  })
  it('refuses a call that came before', () => {
    const seen = createReplayWindow(1_000)
    expect(refuseToken(token, rule, at, (d) => seen(d, at))).toBeUndefined()
    expect(refuseToken(token, rule, at, (d) => seen(d, at))).toBe('replayed')
  })
})

describe('the replay window', () => {
  it('remembers for at least its length, and forgets after two', () => {
    const seen = createReplayWindow(1_000)
    expect(seen('a', 10_000)).toBe(false)
    expect(seen('b', 11_000)).toBe(false)
    expect(seen('b', 12_000)).toBe(true)
    expect(seen('b', 13_100)).toBe(false)
  })
})
