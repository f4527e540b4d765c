import type { HubError } from '@hub/contracts'
import { checkConfig } from '@hub/platform'
import { expect, it } from 'vitest'
import { GatewayConfig } from './config.ts'

const good = {
  id: '43040500002000000001',
  data: './data/gateway-1',
  uplink: { url: 'mqtt://127.0.0.1:1884', password: 'secret' },
}

it('fills in what is not said', () => {
  expect(checkConfig(GatewayConfig, good)).toMatchObject({
    field: { host: '127.0.0.1', port: 1885 },
    discovery: { interfaces: [], multicast: true, everySeconds: 60, allowLoopback: false },
    probe: { timeoutMs: 5_000, concurrency: 64, pictures: { everyMinutes: 60, concurrency: 1 } },
    pins: {},
    events: { enabled: true, maxSubscriptions: 2_000 },
    credentials: {},
    spool: { maxMegabytes: 2_048 },
    log: { level: 'info' },
  })
})

it('takes a login that may be sent in the clear, and pinned certificates, in any case of letters', () => {
  const pins = { '43040500001320000001': 'aB'.repeat(32) }
  const credentials = { old: { user: 'admin', password: 'x', plainText: true }, main: { user: 'a', password: 'y' } }
  const config = checkConfig(GatewayConfig, { ...good, pins, credentials })
  expect(config.pins).toEqual(pins)
  expect(config.credentials).toEqual(credentials)
})

it.each([
  [{ ...good, id: '4304' }, 'id is 4304: must be 20 digits'],
  [{ ...good, data: undefined }, 'data is missing: Invalid input: expected string, received undefined'],
  [{ ...good, spol: {} }, 'spol is present: unknown key'],
  [{ ...good, field: { prot: 1885 } }, 'field.prot is present: unknown key'],
  [{ ...good, field: { port: 65_536 } }, 'field.port is 65536: Too big: expected number to be <=65535'],
  [
    { ...good, uplink: { ...good.uplink, url: 'http://127.0.0.1' } },
    'uplink.url is http://127.0.0.1: must be an mqtt:// or mqtts:// address',
  ],
  [
    { ...good, uplink: { url: good.uplink.url, password: '' } },
    'uplink.password is [redacted]: Too small: expected string to have >=1 characters',
  ],
  [
    { ...good, discovery: { ranges: ['127.11.0.0'] } },
    'discovery.ranges.0 is 127.11.0.0: must be an IPv4 range such as 127.11.0.0/24',
  ],
  [{ ...good, discovery: { interfaces: ['eth0'] } }, 'discovery.interfaces.0 is eth0: must be an IPv4 address'],
  [{ ...good, probe: { timeoutMs: 0 } }, 'probe.timeoutMs is 0: Too small: expected number to be >=100'],
  [
    { ...good, events: { maxSubscriptions: -1 } },
    'events.maxSubscriptions is -1: Too small: expected number to be >=0',
  ],
  [{ ...good, pins: { '43040500001320000001': 'ab:cd' } }, 'pins.43040500001320000001 is ab:cd: must be 64 hex digits'],
  [
    { ...good, credentials: { old: { user: 'admin', password: 'x', plainText: 'yes' } } },
    'credentials.old.plainText is yes: Invalid input: expected boolean, received string',
  ],
  [{ ...good, http: { port: 'x' } }, 'http.port is x: Invalid input: expected number, received string'],
  [
    { ...good, log: { level: 'loud' } },
    'log.level is loud: Invalid option: expected one of "trace"|"debug"|"info"|"warn"|"error"|"fatal"|"silent"',
  ],
  [
    { ...good, credentials: { sims: { user: 'admin' } } },
    'credentials.sims.password is missing: Invalid input: expected string, received undefined',
  ],
])('refuses a bad file and names what is wrong: %#', (input, message) => {
  const attempt = () => {
    try {
      return checkConfig(GatewayConfig, input)
    } catch (error) {
      return (error as HubError).message
    }
  }
  expect(attempt()).toBe(message)
})
