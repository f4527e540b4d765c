/** A configuration file that was good with the hub before rooms is good with this one. */
import { fileURLToPath } from 'node:url'
import { checkConfig, loadConfig } from '@hub/platform'
import { expect, test } from 'vitest'
import { HubConfig } from './config.ts'

const example = fileURLToPath(new URL('../../../infra/config/hub.yaml', import.meta.url))

/** Every key of the file, none with its default. */
const everyKey = {
  http: { host: '0.0.0.0', port: 8081 },
  data: '/var/lib/hub',
  bus: { mode: 'mqtt', url: 'mqtts://broker:8883', user: 'hub', password: 'p' },
  history: {
    kind: 'influxdb',
    version: 2,
    url: 'http://history:8086',
    database: 'city',
    org: 'hengyang',
    token: 't',
    timeoutSeconds: 11,
    keep: { fiveMinutes: 91, hours: 731, days: 3_650, telemetry: 732 },
    journal: { maxMegabytes: 1_001, settleSeconds: 7_201, staleAfterSeconds: 301 },
  },
  policy: {
    target: 0.95,
    provenance: '合同',
    health: { confirm: { up: 2, degraded: 3, down: 4, unknown: 2 }, staleAfter: 4 },
    startupGraceSeconds: 31,
    probeEverySeconds: 29,
    kpis: { platformNormal: 0.95, intact: 0.97, clock: 0.97, clockSeconds: 6, record: 0.99, position: 0.97 },
    outages: {
      groupHoldSeconds: 61,
      deviceHoldSeconds: 301,
      ownNoticeDevices: 6,
      digestMinutes: 241,
      digestHours: { from: 9, to: 21 },
      escalateMinutes: 31,
      resolveAfterSeconds: 121,
      closeAfterHours: 25,
      reopenWithinHours: 73,
      hours: { from: 7, to: 22 },
    },
    repair: {
      respondHours: 3,
      repairHours: { core: 5, urban: 25, rural: 49 },
      clock: 'working-days',
      urban: ['430405'],
      yellowShare: 0.7,
      provenMinutes: 11,
      calendar: { '2031-10-01': false },
      carrierUnits: { telecom: '甲', mobile: '乙', unicom: '丙', cable: '丁' },
      provenance: '合同第 8 条',
    },
    scorecard: {
      items: {
        online: { weight: 31, full: 0.95, zero: 0.7 },
        image: { weight: 14, full: 0.94, zero: 0.7 },
        recording: { weight: 19, full: 0.97, zero: 0.7 },
        record: { weight: 11, full: 0.99, zero: 0.8 },
        repair: { weight: 19, full: 0.94, zero: 0.6 },
        documents: { weight: 6, full: 0.99, zero: 0.4 },
      },
      payFull: 91,
      payPart: 81,
      unmeasured: 'zero',
      provenance: '合同附件 2',
    },
  },
  gateways: [{ id: '43040500002000000001', name: '城区', districts: ['430405'], passwordHash: 'a'.repeat(64) }],
  channels: [
    {
      kind: 'email',
      id: 'ops',
      name: '值班',
      language: 'en',
      districts: ['430405'],
      least: 'high',
      overtime: 'red',
      units: ['甲'],
      perHour: 21,
      host: 'mail.example',
      port: 465,
      secure: true,
      user: 'hub',
      password: 'p',
      from: 'hub@example.cn',
      to: ['duty@example.cn'],
    },
  ],
  platforms: {
    everySeconds: 61,
    timeoutSeconds: 11,
    sites: [{ id: 'portal', name: '门户', url: 'https://portal.example' }],
  },
  demo: { approveProject: '示例', credential: 'demo' },
  adminPassword: 'a long password',
  retention: { rawDays: 8 },
  log: { level: 'debug' },
}

test('the example configuration is good', () => {
  expect(loadConfig(HubConfig, example, {}, {}).http.port).toBe(8080)
})

test('every key of the file is taken, and means what it meant', () => {
  // A room that has come since brings its own part, with the values that hold where the file names none.
  expect(checkConfig(HubConfig, everyKey)).toMatchObject(everyKey)
})

test.each([
  ['webhook', { url: 'https://bridge.example', secret: 's' }],
  ['wecom', { url: 'https://robot.example' }],
  ['dingtalk', { url: 'https://robot.example', secret: 's' }],
  ['feishu', { url: 'https://robot.example', secret: 's' }],
  ['mqtt', { topic: 'hub/v1/notices/desk' }],
])('a channel of kind %s is taken', (kind, own) => {
  const channel = { kind, id: 'desk', name: '运维群', ...own }
  expect(checkConfig(HubConfig, { channels: [channel] }).channels).toMatchObject([channel])
})
