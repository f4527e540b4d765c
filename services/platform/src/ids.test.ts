import { expect, it } from 'vitest'
import { randomToken, sameDigest, sha256 } from './ids.ts'

it('digests compare by content', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  expect(sameDigest(sha256('a'), sha256(Buffer.from('a')))).toBe(true)
  expect(sameDigest(sha256('a'), sha256('b'))).toBe(false)
  expect(sameDigest(sha256('a'), '')).toBe(false)
})

it('tokens hold 128 bits and differ', () => {
  expect(Buffer.from(randomToken(), 'base64url')).toHaveLength(16)
  expect(randomToken()).not.toBe(randomToken())
})
