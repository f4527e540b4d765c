/**
 * The hub of this checkout on a data folder, at an instant that stands still: every module, the embedded bus, HTTP on a free port.
 * The only file here that knows which package a part of the hub comes from.
 */
import { join } from 'node:path'
import {
  checkConfig,
  connectBus,
  createManualClock,
  createMetrics,
  openHistory,
  openRecord,
  runModules,
  sha256,
  silentLog,
} from '@hub/platform'
import { createGatewayBroker } from '../../services/gateways/src/index.ts'
import { HubConfig, modules, recordSchema, wireDeps } from '../../services/hub/src/index.ts'
import { freePorts } from '../support/ports.ts'

const gateways = [
  {
    id: '43040500002000000001',
    name: '城区网关 Urban gateway',
    districts: ['430405', '430406', '430407', '430408', '430412', '430421'],
    password: 'golden urban',
  },
  {
    id: '43042200002000000002',
    name: '县市网关 County gateway',
    districts: ['430422', '430423', '430424', '430426', '430481', '430482'],
    password: 'golden county',
  },
] as const

/** The configuration under which the folder was written. Nothing is sent to its addresses while the clock stands still. */
const configured = {
  policy: {
    probeEverySeconds: 60,
    startupGraceSeconds: 120,
    outages: { escalateMinutes: 20, digestMinutes: 30 },
    repair: { respondHours: 0.5, provenMinutes: 3 },
  },
  gateways: gateways.map(({ password, ...gateway }) => ({ ...gateway, passwordHash: sha256(password) })),
  channels: [
    { id: 'duty', name: '值班室', kind: 'webhook', url: 'http://127.0.0.1:18099/duty', secret: 'a secret of the duty' },
    { id: 'bus', name: '联动', kind: 'mqtt', topic: 'hub/v1/notices/golden', language: 'en', least: 'normal' },
    {
      id: 'nobody',
      name: '无人接收',
      kind: 'webhook',
      url: 'http://127.0.0.1:18099/nobody',
      secret: 'a secret of nobody',
      districts: ['430405', '430422'],
      overtime: 'none',
    },
  ],
  platforms: {
    everySeconds: 60,
    timeoutSeconds: 5,
    sites: [
      { id: 'portal', name: '数字衡阳门户', url: 'http://127.0.0.1:18099/portal' },
      { id: 'archive', name: '档案系统', url: 'http://127.0.0.1:18098/archive' },
    ],
  },
  history: { kind: 'embedded', keep: { fiveMinutes: 3 } },
  adminPassword: 'golden admin password',
  log: { level: 'silent' },
}

/** Rows of the Record that no route answers, or not all of them. Where the tables are called otherwise the query is another, its rows are not. */
const kept: { [name: string]: string } = {
  users: 'SELECT name, role, districts, unit, length(password_hash) > 20 FROM user ORDER BY name',
  sessions: 'SELECT id, user, created_at, expires_at FROM session ORDER BY id',
  gateways: 'SELECT id, name, districts, password_hash, assignment_version, last_seen_at FROM gateway ORDER BY id',
  bindings:
    'SELECT device AS id, gateway, endpoint, xaddr, credential, every_ms, identity FROM device_binding ORDER BY device',
  serviceTimes: 'SELECT id, in_service_from, in_service_to FROM device ORDER BY id',
  sensorCredentials: 'SELECT device, password_hash, issued_at FROM sensor_credential ORDER BY device',
  deadLetters: 'SELECT at, source, reason, hex(payload) FROM dead_letter ORDER BY id',
  batches: 'SELECT count(*), sum(count), sum(first_at), sum(last_at), sum(length(payload)) FROM batch',
  evidence: 'SELECT count(*), sum(count), sum(first_at), sum(last_at), sum(fresh_until) FROM probe_run',
  intervals:
    'SELECT state, count(*), sum(from_at), sum(to_at), count(to_at), sum(length(rule)) FROM interval GROUP BY state',
  deviceEvents: `SELECT device, at, kind, source, from_value, to_value FROM device_event
     UNION ALL SELECT device, at, kind, source, from_value, to_value FROM identity_event ORDER BY device, at, kind, source`,
  merged: 'SELECT id, merged_into FROM outage WHERE merged_into IS NOT NULL ORDER BY id',
  members: 'SELECT count(*), sum(from_at), sum(to_at), count(to_at), sum(expected) FROM outage_member',
  changes: `SELECT count(*), sum(length(json_set(change, '$.change', replace(change ->> 'change', 'resolved', 'healed')))) FROM outage_change`,
  steps: 'SELECT step, count(*), sum(at) FROM outage_step GROUP BY step ORDER BY step',
  outagesTold: `SELECT key, channel, at, known ->> 'how', known ->> 'kind', known ->> 'members', known ->> 'importance', known ->> 'further',
    known ->> 'escalated', known ->> 'resolved', known ->> 'rounds' FROM notification_log WHERE kind = 'outage' ORDER BY key, channel`,
  workOrdersTold: `SELECT l.key, channel, c.key AS colour, c.value FROM notification_log l, json_each(known) c WHERE kind = 'work-order'
    ORDER BY l.key, channel, c.key`,
  notices: `SELECT id, channel, outage, work_order, CASE kind WHEN 'resolved' THEN 'healed' WHEN 're-fired' THEN 'again'
    WHEN 'importance-raised' THEN 'raised' WHEN 'expanded' THEN 'wider' ELSE kind END, status, attempts, next_at, length(body), length(facts)
    FROM notification ORDER BY id`,
  uptimeDays:
    'SELECT count(*), sum(up_ms), sum(down_ms), sum(unknown_ms), sum(exempt_ms), sum(day * (up_ms % 10007)) FROM uptime_day',
  uptimeSums:
    'SELECT count(*), sum(devices), sum(up_ms), sum(down_ms), sum(exempt_ms), sum(period * (up_ms % 10007)) FROM uptime_sum',
  uptimeDistricts:
    'SELECT count(*), sum(devices), sum(up_ms), sum(down_ms), sum(exempt_ms), sum(period * (up_ms % 10007)) FROM uptime_district',
  auditLinks: 'SELECT id, hash FROM audit_link ORDER BY id',
  lastDigest: "SELECT value FROM setting WHERE room = 'notify' AND key = 'digest'",
  monitored: 'SELECT platform, at, passed, due FROM monitored_hour ORDER BY platform, at',
  exports: 'SELECT id, request, scope, status, row_count, bytes, file_name, requested_by FROM export ORDER BY id',
}

/**
 * @param now where the clock stands, UTC milliseconds
 * @param without modules that are not started
 */
export async function openHub(data: string, now: number, without: readonly string[] = []) {
  const [httpPort, busPort] = (await freePorts(2)) as [number, number]
  const bus = { mode: 'embedded' as const, host: '127.0.0.1', port: busPort }
  const config = checkConfig(HubConfig, { ...configured, data, http: { port: httpPort }, bus })
  const [log, clock, metrics] = [silentLog, createManualClock(now), createMetrics()]
  const broker = createGatewayBroker({ ...config, bus }, log)
  const transport = connectBus({ log, clientId: 'centre', connect: () => broker.attach('centre') })
  const record = await openRecord(join(data, 'record.db'), recordSchema)
  const history = openHistory(config, { clock, log, metrics, park: async () => {} })
  const wired = wireDeps({ config, log, transport, record, history, clock, metrics })
  await broker.start()
  await wired.start()
  const running = await runModules(
    modules.filter(({ name }) => !without.includes(name)),
    wired.deps,
  )
  await wired.settle()
  return {
    address: `http://127.0.0.1:${httpPort}`,
    clock,
    /** What the Record keeps beside what the API answers, a list of values each row. */
    kept: (): { [name: string]: unknown[][] } =>
      Object.fromEntries(
        Object.entries(kept).map(([name, query]) => [name, record.sqlite.prepare(query).all().map(Object.values)]),
      ),
    /** Stretches whose figures the rollup has still to derive again. */
    unrolled: () => record.sqlite.prepare("SELECT count(*) AS n FROM uptime_dirty WHERE consumer = 'days'").get()!.n,
    async stop() {
      await running.stop()
      await wired.stop()
      await transport.close()
      await broker.stop()
      await history.close()
      await record.close()
    },
  }
}
export type OpenHub = Awaited<ReturnType<typeof openHub>>
