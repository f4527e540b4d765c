import { expect, test } from 'vitest'
import { judge } from './trust.ts'

const responder = '192.168.1.64'
test.each<[string[], string]>([
  [['http://192.168.1.64/onvif/device_service'], 'new'],
  [['https://192.168.1.64:8443/x'], 'new'],
  [['http://[fe80::1]/x', 'http://192.168.1.64/x'], 'new'],
  [['http://192.168.1.65/x'], 'xaddr-host-differs'],
  [['http://192.168.1.64.evil.org/x'], 'xaddr-name'],
  [['http://camera.local/x'], 'xaddr-name'],
  [['http://localhost/x'], 'xaddr-loopback'],
  [['http://127.0.0.1/x'], 'xaddr-loopback'],
  [['http://2130706433/x'], 'xaddr-loopback'],
  [['http://0x7f.1/x'], 'xaddr-loopback'],
  [['http://0.0.0.0/x'], 'xaddr-loopback'],
  [['http://[::1]/x'], 'xaddr-loopback'],
  [['http://[::ffff:127.0.0.1]/x'], 'xaddr-loopback'],
  [['http://169.254.169.254/latest/meta-data'], 'xaddr-link-local'],
  [['http://[::ffff:169.254.169.254]/x'], 'xaddr-link-local'],
  [['http://[fe80::1]/x'], 'xaddr-link-local'],
  [['http://192.168.1.65/x', 'http://169.254.1.1/'], 'xaddr-link-local'],
  [['ftp://192.168.1.64/x'], 'xaddr-malformed'],
  [['http://user:pass@192.168.1.64/x'], 'xaddr-malformed'],
  [['http://192.168.1.64:99999/x'], 'xaddr-malformed'],
  [['192.168.1.64'], 'xaddr-malformed'],
  [[`http://192.168.1.64/${'x'.repeat(600)}`], 'xaddr-malformed'],
  [[], 'xaddr-missing'],
])('%j from 192.168.1.64 is %s', (xaddrs, reason) => {
  expect(judge(responder, xaddrs, false).quarantine).toBe(reason)
})

test('the believed address comes first', () => {
  expect(judge(responder, ['http://[fe80::1]/x', 'http://192.168.1.64/x'], false).xaddrs[0]).toBe(
    'http://192.168.1.64/x',
  )
})

test('on loopback a simulator may state its own address and no other', () => {
  expect(judge('127.11.0.5', ['http://127.11.0.5:8000/x'], true).quarantine).toBe('new')
  expect(judge('127.11.0.5', ['http://127.11.0.5:8000/x'], false).quarantine).toBe('xaddr-loopback')
  expect(judge('127.11.0.5', ['http://127.11.0.6:8000/x'], true).quarantine).toBe('xaddr-host-differs')
  expect(judge('10.0.0.5', ['http://127.0.0.1/x'], true).quarantine).toBe('xaddr-loopback')
})

test('addresses that cannot be used spoil no right one behind them', () => {
  const rubbish = Array.from({ length: 12 }, (_, n) => `http://[bad${n}`)
  const judged = judge('10.0.0.1', [...rubbish, 'http://10.0.0.1/onvif'], false)
  expect(judged).toMatchObject({ quarantine: 'new', xaddrs: ['http://10.0.0.1/onvif', ...rubbish.slice(0, 7)] })
})
