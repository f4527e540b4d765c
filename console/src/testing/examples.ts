/** What the hub may answer: whole, valid, and changed by a test where it matters. The present of the tests is `now`. */
import type {
  Adjustment,
  AuditPage,
  Commissioning,
  DeviceDetail,
  DeviceRow,
  DiscoveredRow,
  ExportJob,
  GatewayRow,
  Group,
  Interval,
  JudgedBy,
  Observation,
  OutageDetail,
  OutageRow,
  Overview,
  Rule,
  Scorecard,
  Snapshot,
  UptimeReport,
  WorkOrder,
} from '@hub/contracts'
import { dayMs, hourMs, minuteMs } from '@hub/core'

export const now = Date.parse('2026-11-22T10:00:00+08:00')
export const deviceId = (serial: number): string => `4304260000132${String(serial).padStart(7, '0')}`
export const uuid = (serial: number): string => `01890a5d-ac96-774b-bcce-${String(serial).padStart(12, '0')}`
export const gatewayId = '43042600001180000001'

export const deviceRow = (serial: number, more: Partial<DeviceRow> = {}): DeviceRow => ({
  id: deviceId(serial),
  name: `解放路 ${serial} 号球机`,
  kind: 'camera',
  district: '430426',
  application: 'safe-city',
  carrier: 'telecom',
  pointType: '3',
  project: null,
  stage: 'in-service',
  longitude: 112.1 + serial / 1_000,
  latitude: 26.8,
  address: '解放路',
  ipAddress: `10.0.0.${serial}`,
  gateway: gatewayId,
  state: 'up',
  since: now - hourMs,
  lastSeenAt: now - minuteMs,
  ...more,
})

export const devicePage = (devices: DeviceRow[]) => ({ asOf: now, total: devices.length, devices, next: null })

export const refused: Rule = {
  id: 'confirmed',
  rung: 'reachable',
  reason: 'refused',
  count: 3,
  needed: 3,
  firstAt: now - 2 * hourMs,
  lastAt: now - 2 * hourMs + 10_000,
}
export const answered: Rule = { ...refused, rung: 'describes', count: 2, needed: 2, reason: undefined }

export const interval = (
  from: number,
  to: number | null,
  state: Interval['state'],
  rule: Rule = state === 'down' ? refused : answered,
): Interval => ({ from, to, state, rule })

export const probe = (more: Partial<Observation> = {}): Observation => ({
  device: deviceId(1),
  at: now - minuteMs,
  kind: 'probe',
  verdict: 'pass',
  rung: 'describes',
  every: 30_000,
  ms: 42,
  ...more,
})

export const deviceDetail = (device: DeviceRow = deviceRow(1), more: Partial<DeviceDetail> = {}): DeviceDetail => ({
  asOf: now,
  device,
  record: {
    id: device.id,
    name: device.name,
    manufacturer: '海康',
    model: 'DS-2DC',
    civilCode: '430426',
    address: device.address,
    parental: '0',
    parentId: '430426',
    registerWay: '1',
    secrecy: '0',
    status: 'ON',
    grassrootsCode: '430426001',
    pointType: device.pointType,
    kind: device.kind,
    application: device.application,
    carrier: device.carrier,
    stage: device.stage,
  },
  faults: [],
  rule: answered,
  probes: [probe(), probe({ at: now - 2 * minuteMs, ms: 58 })],
  identity: null,
  days: [],
  gateway: { id: gatewayId, online: true, lastSeenAt: now },
  differences: [],
  clockOffsetMs: null,
  outage: null,
  workOrder: null,
  ...more,
})

export const snapshot = (up: number, down: number, more: Partial<Snapshot> = {}): Snapshot => ({
  rate: up + down > 0 ? up / (up + down) : null,
  due: up + down,
  up,
  degraded: 0,
  down,
  unknown: 0,
  exempt: 0,
  ...more,
})

export const group = (key: string, now: Snapshot, more: Partial<Group> = {}): Group => ({
  key,
  now,
  yesterday: null,
  oldestDownSince: null,
  ...more,
})

export const overview = (more: Partial<Overview> = {}): Overview => ({
  asOf: now,
  policy: { target: 0.98, provenance: '市级通报口径', unknown: '未知不计入' },
  city: group('city', snapshot(96, 4), { yesterday: 0.97 }),
  districts: [
    group('430426', snapshot(46, 4), { oldestDownSince: now - 5 * hourMs }),
    group('430405', snapshot(50, 0)),
  ],
  applications: [group('safe-city', snapshot(96, 4))],
  carriers: [group('telecom', snapshot(96, 4))],
  stages: { planned: 3, built: 2, 'in-service': 100 },
  trend: [],
  feed: [],
  gateways: { online: 1, total: 2 },
  outages: { total: 0, rows: [] },
  ...more,
})

export const outageRow = (id: string, more: Partial<OutageRow> = {}): OutageRow => ({
  id,
  cause: { kind: 'switch', key: 'QD-03', mode: 'together' },
  evidence: { down: 3, of: 4, withinMs: 9_000, rejected: [] },
  from: now - 40 * minuteMs,
  to: null,
  districts: ['430426'],
  expected: false,
  countsFrom: null,
  status: 'open',
  members: 4,
  down: 3,
  importance: 'normal',
  assignee: null,
  acknowledgedAt: null,
  silencedUntil: null,
  escalation: 0,
  reopened: 0,
  held: false,
  workOrders: 0,
  name: null,
  updatedAt: now - minuteMs,
  ...more,
})

export const outageDetail = (outage: OutageRow, more: Partial<OutageDetail> = {}): OutageDetail => ({
  asOf: now,
  outage,
  members: [1, 2, 3].map((serial) => ({
    device: deviceId(serial),
    from: outage.from,
    to: serial === 3 ? now - minuteMs : null,
    name: `解放路 ${serial} 号球机`,
    district: '430426',
    longitude: null,
    latitude: null,
  })),
  hidden: false,
  changes: [{ at: outage.from, change: 'opened', members: 3, down: 3, cause: outage.cause }],
  steps: [],
  judgements: [],
  reopenUntil: null,
  closesAt: null,
  ordersAtClose: 'leave',
  similar: [],
  ...more,
})

export const workOrder = (serial: number, more: Partial<WorkOrder> = {}): WorkOrder => ({
  id: uuid(serial),
  number: `WO-${serial}`,
  outage: null,
  unit: '甲公司',
  carrier: 'telecom',
  districts: ['430426'],
  devices: [deviceId(1), deviceId(2)],
  down: 2,
  status: 'issued',
  subject: { text: null, cause: { kind: 'switch', key: 'QD-03', mode: 'together' }, device: null },
  issuedBy: 'wang',
  issuedAt: now - hourMs,
  respondBy: now + hourMs,
  repairBy: now + 23 * hourMs,
  rule: { class: 'urban', respondHours: 2, repairHours: 24, clock: '24h', provenance: '运维合同' },
  receivedAt: null,
  doneAt: null,
  closedAt: null,
  overtime: 'none',
  upSince: null,
  provenMs: 10 * minuteMs,
  returned: false,
  steps: [{ at: now - hourMs, actor: 'wang', step: 'issue', note: null, down: 2, hash: 'a'.repeat(64) }],
  whole: true,
  ...more,
})

export const judging: JudgedBy = {
  from: 0,
  confirm: { up: 1, degraded: 2, down: 3, unknown: 1 },
  staleAfter: 3,
  probeEverySeconds: 30,
  target: 0.98,
}

export const uptimeReport = (rows: UptimeReport['rows'] = []): UptimeReport => ({
  asOf: now,
  from: now - 30 * dayMs,
  to: now,
  policy: { target: 0.98, provenance: '市级通报口径', rules: ['未知不计入'], judging: [judging] },
  total: { key: {}, devices: 100, up: 95 * hourMs, down: 5 * hourMs, unknown: hourMs, exempt: 0, rate: 0.95 },
  rows,
})

export const adjustment = (serial: number, more: Partial<Adjustment> = {}): Adjustment => ({
  id: uuid(serial),
  kind: 'exemption',
  countAs: 'exempt',
  scope: { by: 'district', values: ['430426'] },
  from: now - dayMs,
  to: now + dayMs,
  reason: '市政停电检修',
  applicant: '供电公司',
  status: 'requested',
  within: 'city',
  requestedBy: 'li',
  requestedAt: now - hourMs,
  decidedBy: null,
  decidedAt: null,
  note: null,
  devices: 12,
  ...more,
})

export const scorecard = (serial: number, more: Partial<Scorecard> = {}): Scorecard => ({
  id: uuid(serial),
  month: '2026-10',
  subject: { kind: 'carrier', key: 'telecom' },
  version: 1,
  status: 'draft',
  score: 92.5,
  pay: 'part',
  lines: [
    {
      item: 'online',
      weight: 40,
      value: 0.95,
      numerator: 95 * hourMs,
      denominator: 100 * hourMs,
      deduction: 7.5,
      basis: 'computed',
      source: '在线率',
    },
    {
      item: 'documents',
      weight: 10,
      value: null,
      numerator: null,
      denominator: null,
      deduction: 0,
      basis: 'unmeasured',
      source: '',
    },
  ],
  policy: {
    items: {
      online: { weight: 40, full: 0.98, zero: 0.8 },
      image: { weight: 20, full: 0.95, zero: 0.8 },
      recording: { weight: 10, full: 0.95, zero: 0.8 },
      record: { weight: 10, full: 1, zero: 0.8 },
      repair: { weight: 10, full: 0.95, zero: 0.8 },
      documents: { weight: 10, full: 1, zero: 0 },
    },
    payFull: 95,
    payPart: 80,
    unmeasured: 'left-out',
    provenance: '运维合同',
  },
  devices: 100,
  totals: { up: 95 * hourMs, down: 5 * hourMs, unknown: 0, exempt: 0 },
  asOf: now,
  madeBy: 'wang',
  madeAt: now - hourMs,
  reviewedBy: null,
  reviewedAt: null,
  lockedBy: null,
  lockedAt: null,
  hash: null,
  previousHash: null,
  reason: null,
  differences: [],
  ...more,
})

export const exportJob = (serial: number, more: Partial<ExportJob> = {}): ExportJob => ({
  id: uuid(serial),
  report: 'uptime',
  format: 'xlsx',
  status: 'done',
  progress: 1,
  rows: 120,
  bytes: 20_480,
  fileName: 'uptime.xlsx',
  requestedBy: 'wang',
  requestedAt: now - hourMs,
  endedAt: now - hourMs + 5_000,
  problem: null,
  ...more,
})

export const gatewayRow = (more: Partial<GatewayRow> = {}): GatewayRow => ({
  v: 1,
  gateway: gatewayId,
  online: true,
  at: now,
  version: '0.1.0',
  assignment: 4,
  devices: 52,
  spooled: 0,
  clockOffsetMs: 12,
  blind: false,
  name: '祁东网关',
  districts: ['430426'],
  lastSeenAt: now,
  keys: [],
  ...more,
})

export const found = (serial: number, more: Partial<DiscoveredRow> = {}): DiscoveredRow => ({
  endpoint: `urn:uuid:${uuid(serial)}`,
  address: `10.0.0.${serial}`,
  xaddrs: [`http://10.0.0.${serial}/onvif/device_service`],
  name: `新球机 ${serial}`,
  hardware: 'DS-2DC',
  quarantine: 'new',
  seenAt: now - minuteMs,
  gateway: gatewayId,
  status: 'waiting',
  firstSeenAt: now - dayMs,
  matches: deviceId(serial),
  matchedBy: 'address',
  ...more,
})

export const auditPage = (lines: AuditPage['lines'] = [], more: Partial<AuditPage> = {}): AuditPage => ({
  asOf: now,
  lines,
  next: null,
  chain: { whole: true, brokenAt: null, checkedAt: now, anchor: null },
  ...more,
})

/** Twenty thousand cameras and a thousand sensors, of which so many cameras are identified; the rest of the way is made. */
export const commissioning = (asOf: number, identified: number, more: Partial<Commissioning> = {}): Commissioning => ({
  asOf,
  cameras: { recorded: 20_000, approved: 20_000, identified, probed: identified, online: identified },
  sensors: { recorded: 1_000, approved: 1_000, identified: 0, probed: 1_000, online: 1_000 },
  gateways: { online: 2, total: 2, asked: 0, toAsk: 0, found: 20_000, assigned: 21_000, spooled: 0 },
  ...more,
})
