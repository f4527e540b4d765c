import type { QuarantineReason } from '@hub/contracts'
import { expect, test } from 'vitest'
import { serviceAddress } from './service-address.ts'

test.each<[QuarantineReason, string, string[], string]>([
  ['new', '10.0.0.5', ['http://10.0.0.5:8000/a?b=1', 'http://192.168.1.64/x'], 'http://10.0.0.5:8000/a?b=1'],
  ['xaddr-host-differs', '10.0.0.5', ['http://192.168.1.64:8000/a?b=1'], 'http://10.0.0.5:8000/a?b=1'],
  ['xaddr-link-local', '10.0.0.5', ['http://169.254.169.254/latest'], 'http://10.0.0.5/latest'],
  ['xaddr-link-local', '10.0.0.5', ['HTTPS://[fe80::1]:8443/x'], 'https://10.0.0.5:8443/x'],
  ['xaddr-name', 'fd00::5', ['http://camera.local'], 'http://[fd00::5]/onvif/device_service'],
  ['xaddr-missing', '10.0.0.5', [], 'http://10.0.0.5/onvif/device_service'],
  ['xaddr-malformed', '10.0.0.5', ['ftp://10.0.0.5/x'], 'http://10.0.0.5/onvif/device_service'],
  ['xaddr-malformed', '10.0.0.5', ['http://a:b@10.0.0.9/x'], 'http://10.0.0.5/onvif/device_service'],
])('%s at %s that states %j', (quarantine, address, xaddrs, at) => {
  expect(serviceAddress({ quarantine, address, xaddrs })).toBe(at)
})
