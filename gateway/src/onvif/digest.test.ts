import { describe, expect, test } from 'vitest'
import { answerDigest, parseChallenges, pickDigest } from './digest.ts'

const rfc7616 = (algorithm: string) =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
const request = {
  method: 'GET',
  uri: '/dir/index.html',
  user: 'Mufasa',
  password: 'Circle of Life',
  count: 1,
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
}
const answer = (line: string, change = {}) =>
  answerDigest(pickDigest(parseChallenges([line]))!, { ...request, ...change })

describe('vectors', () => {
  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('RFC 7616 3.9.1, %s', (algorithm, response) => {
    expect(answer(rfc7616(algorithm))).toContain(`response="${response}"`)
    expect(answer(rfc7616(algorithm))).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"')
  })

  test('RFC 2617 3.5', () => {
    const line = 'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
    const change = { password: 'Circle Of Life', cnonce: '0a4f113b' }
    expect(answer(line, change)).toContain('response="6629fae49393a05397450978507c4ef1"')
    expect(answer(line, change)).toContain('qop=auth, nc=00000001, cnonce="0a4f113b"')
  })

  test('RFC 2069, for a camera that knows no qop', () => {
    const line = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
    const said = answer(line, { password: 'Circle Of Life' })
    expect(said).toContain('response="670fd8c2df070c60b045671b8b24ff02"')
    expect(said).not.toMatch(/qop|nc=|algorithm/)
  })
})

describe('challenges', () => {
  test('fields in any order, `=` and commas in values, several in one line, odd spacing', () => {
    expect(
      parseChallenges([
        'Digest qop="auth",realm="IP Camera(C6496), north",  nonce="4e6b==", stale="FALSE",opaque=a=b=, Basic realm="x \\"y\\""',
        'Negotiate',
      ]),
    ).toEqual([
      {
        scheme: 'digest',
        params: { qop: 'auth', realm: 'IP Camera(C6496), north', nonce: '4e6b==', stale: 'FALSE', opaque: 'a=b=' },
      },
      { scheme: 'basic', params: { realm: 'x "y"' } },
      { scheme: 'negotiate', params: {} },
    ])
  })

  test('the strongest that can be answered is taken', () => {
    const pick = (...lines: string[]) => pickDigest(parseChallenges(lines))?.params.nonce
    expect(pick('Digest nonce=a, algorithm=MD5', 'Digest nonce=b, algorithm=SHA-256')).toBe('b')
    expect(pick('Digest nonce=a, algorithm=SHA-3', 'Digest nonce=b')).toBe('b')
    expect(pick('Digest nonce=a, qop="auth-int"')).toBeUndefined()
    expect(pick('Digest realm=a', 'Basic realm=b')).toBeUndefined()
  })
})

test('a quote in the user name does not end the field', () => {
  expect(answer(rfc7616('MD5'), { user: 'a"b\\c' })).toContain('username="a\\"b\\\\c"')
})
