import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hubOverrides, loadConfig } from '@hub/platform'
import { afterAll, describe, expect, it } from 'vitest'
import { HubConfig } from './config.ts'

const folder = mkdtempSync(join(tmpdir(), 'config-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'hub.yaml')

const load = (yaml: string, env: NodeJS.ProcessEnv = {}) => {
  writeFileSync(file, yaml)
  return loadConfig(HubConfig, file, hubOverrides, env)
}
const messageOf = (run: () => unknown): string => {
  try {
    run()
    return 'accepted'
  } catch (err) {
    return (err as Error).message
  }
}

const gateway = (more: string) => `gateways:
  - id: "43040500002000000001"
    name: g
    districts: ["430405"]
    passwordHash: "${'0'.repeat(64)}"
${more}`

describe('a bad configuration is refused with', () => {
  it.each([
    ['htp: {}', 'htp is present: unknown key'],
    ['http: { prot: 1 }', 'http.prot is present: unknown key'],
    ['http: { port: 70000 }', 'http.port is 70000: Too big: expected number to be <=65535'],
    ['http: { port: "80" }', 'http.port is 80: Invalid input: expected number, received string'],
    ['http: 8080', 'http is 8080: Invalid input: expected object, received number'],
    ['- http', 'the file is ["http"]: Invalid input: expected object, received array'],
    ['bus: { mode: kafka }', 'bus.mode is kafka: must be embedded or mqtt'],
    ['bus: { mode: mqtt, url: "http://x" }', 'bus.url is http://x: must be an mqtt:// or mqtts:// address'],
    [
      'bus: { mode: mqtt, url: "mqtt://x", password: [1] }',
      'bus.password is [redacted]: Invalid input: expected string, received array',
    ],
    [
      'history: { kind: influxdb, version: 4, url: "http://x", database: hub }',
      'history.version is 4: must be 1, 2 or 3',
    ],
    ['history: { kind: embedded, keep: { hours: never } }', 'history.keep.hours is never: must be days or forever'],
    [
      `history: { kind: influxdb, version: 1, url: "http://x", database: "a b" }`,
      'history.database is a b: must be 1 to 64 of A–Z, a–z, 0–9, _ -',
    ],
    ['policy: { target: 96 }', 'policy.target is 96: Too big: expected number to be <=1'],
    [
      'policy: { health: { confirm: { down: 0 } } }',
      'policy.health.confirm.down is 0: Too small: expected number to be >=1',
    ],
    [
      gateway('').replace('430405"]', '430499"]'),
      `gateways.0.districts.0 is 430499: Invalid option: expected one of "430405"|"430406"|"430407"|"430408"|"430412"|"430421"|"430422"|"430423"|"430424"|"430426"|"430481"|"430482"`,
    ],
    [gateway('').replace('0'.repeat(64), 'abc'), 'gateways.0.passwordHash is [redacted]: must be a SHA-256 in hex'],
    [`${gateway('')}${gateway('').replace('gateways:\n', '')}`, 'gateways.1.id is 43040500002000000001: named twice'],
  ])('%s → %s', (yaml, message) => expect(messageOf(() => load(yaml))).toBe(message))

  it('a missing file', () =>
    expect(messageOf(() => loadConfig(HubConfig, '/nowhere/hub.yaml'))).toBe(
      'cannot read /nowhere/hub.yaml: no such file',
    ))

  it.each([
    [
      'http:\n  host: [',
      'line 2, column 10: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['http: {}\nhttp: {}', 'line 2, column 1: Map keys must be unique'],
    ['a: b: c', 'line 1, column 4: Nested mappings are not allowed in compact mappings'],
    ['\thttp: 1', 'line 1, column 1: Tabs are not allowed as indentation'],
    ['a: *x', 'Unresolved alias (the anchor must be set before the alias): x'],
  ])('YAML that is none: %j', (yaml, message) => {
    expect(messageOf(() => load(yaml)).replace(file, 'FILE')).toBe(`cannot read FILE: ${message}`)
  })
})

describe('a configuration', () => {
  it('that is empty is all defaults', () => {
    const { http, bus, history, policy, gateways } = load('')
    expect({ http, bus, history, gateways }).toEqual({
      http: { host: '127.0.0.1', port: 8080, hosts: [] },
      bus: { mode: 'embedded', host: '127.0.0.1', port: 1884 },
      history: { kind: 'embedded', keep: { fiveMinutes: 14, hours: 90, days: 'forever', telemetry: 90 } },
      gateways: [],
    })
    expect(policy.health).toEqual({
      confirm: { up: 1, degraded: 2, down: 3, unknown: 1 },
      staleAfter: 3,
      periodTolerance: 0.1,
    })
  })

  it('is frozen to the bottom', () => {
    const config = load(gateway(''))
    expect(Object.isFrozen(config.policy.health.confirm)).toBe(true)
    expect(Object.isFrozen(config.gateways[0]?.districts)).toBe(true)
  })

  it('is overridden by the environment, checked like the file', () => {
    const env = { HUB_PORT: '9090', HUB_DATA: '/tmp/x', HUB_ADMIN_PASSWORD: '1234567890' }
    expect(load('', env)).toMatchObject({ http: { port: 9090 }, data: '/tmp/x', adminPassword: '1234567890' })
    expect(load('http: { port: 1 }', { HUB_PORT: '' }).http.port).toBe(1)
    expect(messageOf(() => load('', { HUB_PORT: 'abc' }))).toBe(
      'http.port is abc: Invalid input: expected number, received string',
    )
  })

  it('never prints a secret that it refuses', () =>
    expect(messageOf(() => load('', { HUB_ADMIN_PASSWORD: 'canary' }))).toBe(
      'adminPassword is [redacted]: Too small: expected string to have >=8 characters',
    ))
})
