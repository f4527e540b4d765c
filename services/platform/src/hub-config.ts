/** Configuration of the hub process. */
import { DistrictCode, GatewayId, ScorePolicy, Unit } from '@hub/contracts'
import { maxConfirm } from '@hub/core'
import { z } from 'zod'
import type { EnvOverrides } from './config.ts'
import { logLevels } from './log.ts'

const port = z.int().min(0).max(65_535)
/** Core remembers as many looks of a streak (`maxConfirm`). */
const count = z.int().min(1).max(maxConfirm)
const share = z.number().min(0).max(1)
const host = z.string().min(1).max(255)
const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex')

const Bus = z.discriminatedUnion(
  'mode',
  [
    /** The hub's own broker; gateways connect to it here. */
    z.strictObject({
      mode: z.literal('embedded'),
      host: host.default('127.0.0.1'),
      port: port.default(1884),
    }),
    z.strictObject({
      mode: z.literal('mqtt'),
      url: z.url({ protocol: /^mqtts?$/, error: 'must be an mqtt:// or mqtts:// address' }),
      user: z.string().max(128).optional(),
      password: z.string().max(256).optional(),
    }),
  ],
  { error: 'must be embedded or mqtt' },
)

const days = z.union([z.number().min(1).max(36_500), z.literal('forever')], { error: 'must be days or forever' })
/** How long the buckets of each length and sensors' values are kept, in days. */
const keep = (fiveMinutes: number, hours: number, telemetry: number) =>
  z
    .strictObject({
      fiveMinutes: days.default(fiveMinutes),
      hours: days.default(hours),
      days: days.default('forever'),
      telemetry: days.default(telemetry),
    })
    .prefault({})

const History = z.discriminatedUnion(
  'kind',
  [
    /** 20,000 devices take about 0.5 GB a day for buckets of five minutes and 0.04 GB for those of an hour. */
    z.strictObject({ kind: z.literal('embedded'), keep: keep(14, 90, 90) }),
    z.strictObject({
      kind: z.literal('influxdb'),
      /** Major version of the server: 1.x has another write path. */
      version: z.literal([1, 2, 3], { error: 'must be 1, 2 or 3' }),
      url: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }),
      /** Database of 1.x; on 2.x and 3 the first part of the names of its buckets or databases. */
      database: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 of A–Z, a–z, 0–9, _ -'),
      org: z.string().max(64).optional(),
      token: z.string().max(256).optional(),
      timeoutSeconds: z.number().min(1).max(300).default(10),
      keep: keep(90, 730, 730),
      /** What is written lies in a journal on disk until the server has twice given it back. */
      journal: z
        .strictObject({
          /** No more than this is taken: the rest is derived again from the Record when there is room. */
          maxMegabytes: z.number().min(1).max(1_000_000).default(1_000),
          /**
           * Between the two readings. Longer than the server may hold what it took in memory or in a torn log only: 1.x writes its
           * cache to files when it has 25 MB. Shorter while the journal is more than half full.
           */
          settleSeconds: z.number().min(0).max(86_400).default(7_200),
          /** Waiting this long for the first reading: the history is stale. */
          staleAfterSeconds: z.number().min(1).max(86_400).default(300),
        })
        .prefault({}),
    }),
  ],
  { error: 'must be embedded or influxdb' },
)

const Policy = z.strictObject({
  /** The line that rates are held against, 0 to 1. */
  target: z.number().min(0).max(1).default(0.96),
  /** Where the target comes from, as the console prints it. */
  provenance: z.string().max(256).default('全市前端设备平均在线率（通报口径），非合同阈值'),
  health: z
    .strictObject({
      /** How many looks in a row must agree before a state is believed. */
      confirm: z
        .strictObject({
          up: count.default(1),
          degraded: count.default(2),
          down: count.default(3),
          unknown: count.default(1),
        })
        .prefault({}),
      /** Evidence is stale after this many missed looks. */
      staleAfter: z.int().min(1).max(100).default(3),
    })
    .prefault({}),
  /** After a start nothing goes stale for this long: gateways are still reconnecting. */
  startupGraceSeconds: z.number().min(0).max(3_600).default(30),
  probeEverySeconds: z.number().min(1).max(3_600).default(30),
  /** Thresholds of the other figures, 0 to 1. Defaults: the table of KPIs that the city's appraisal uses. */
  kpis: z
    .strictObject({
      platformNormal: share.default(0.96),
      intact: share.default(0.98),
      clock: share.default(0.98),
      /** A clock that is further off does not count as right. */
      clockSeconds: z.number().min(0).max(3_600).default(5),
      record: share.default(1),
      position: share.default(0.98),
    })
    .prefault({}),
  /** When failures are told of, and how long people have. */
  outages: z
    .strictObject({
      /** A cause behind which several failed is told of after so long; a device by itself after so long. */
      groupHoldSeconds: z.number().min(0).max(3_600).default(60),
      deviceHoldSeconds: z.number().min(0).max(86_400).default(300),
      /** From so many devices on an outage is told of by itself, one of high importance from two; smaller ones are told of together… */
      ownNoticeDevices: z.int().min(2).max(10_000).default(5),
      /** …so often… */
      digestMinutes: z.number().min(1).max(1_440).default(240),
      /** …in these hours of the day (Asia/Shanghai), both ends included. Null: day and night. */
      digestHours: z
        .strictObject({ from: z.int().min(0).max(23), to: z.int().min(1).max(24) })
        .refine(({ from, to }) => from < to, { message: 'must begin before it ends' })
        .nullable()
        .default({ from: 8, to: 20 }),
      escalateMinutes: z.number().min(1).max(10_080).default(30),
      resolveAfterSeconds: z.number().min(0).max(86_400).default(120),
      closeAfterHours: z.number().min(0).max(720).default(24),
      /** A closed outage may be reopened by a person for so long. */
      reopenWithinHours: z.number().min(0).max(8_760).default(72),
      /** Outside these hours (Asia/Shanghai) only what is of high importance is told at once; the rest waits for the morning. Absent: always. */
      hours: z.strictObject({ from: z.int().min(0).max(23), to: z.int().min(1).max(24) }).optional(),
    })
    .prefault({}),
  /** Limits of work orders. */
  repair: z
    .strictObject({
      respondHours: z.number().min(0).max(720).default(2),
      repairHours: z
        .strictObject({
          core: z.number().min(0).max(720).default(4),
          urban: z.number().min(0).max(720).default(24),
          rural: z.number().min(0).max(720).default(48),
        })
        .prefault({}),
      clock: z.enum(['24h', 'working-days']).default('24h'),
      urban: z.array(DistrictCode).default(['430405', '430406', '430407', '430408', '430412']),
      yellowShare: z.number().min(0).max(1).default(0.8),
      /** The devices must be up for so long before "done" is believed. */
      provenMinutes: z.number().min(0).max(1_440).default(10),
      /** Working days of years that the library does not know: year → days off and working weekends. */
      calendar: z.record(z.string().regex(/^20\d{2}-\d{2}-\d{2}$/, 'must be YYYY-MM-DD'), z.boolean()).default({}),
      /** Units that repair for a carrier where the record names no maintainer: the names that users' units have. */
      carrierUnits: z
        .strictObject({
          telecom: Unit.default('电信'),
          mobile: Unit.default('移动'),
          unicom: Unit.default('联通'),
          cable: Unit.default('广电'),
        })
        .prefault({}),
      provenance: z
        .string()
        .max(256)
        .default('响应 2 小时；修复：核心 4、城区 24、农村 48 小时（参考值，以运维合同为准）'),
    })
    .prefault({}),
  /** Months are scored by these rules. */
  scorecard: ScorePolicy.prefault({
    items: {
      online: { weight: 30, full: 0.96, zero: 0.8 },
      image: { weight: 15, full: 0.95, zero: 0.8 },
      recording: { weight: 20, full: 0.98, zero: 0.8 },
      record: { weight: 10, full: 1, zero: 0.9 },
      repair: { weight: 20, full: 0.95, zero: 0.7 },
      documents: { weight: 5, full: 1, zero: 0.5 },
    },
    payFull: 90,
    payPart: 80,
    unmeasured: 'left-out',
    provenance:
      '考核权重：在线 30、图像 15、录像 20、档案 10、修复 20、资料 5；90 分以上全额支付，80–90 分按比例（参考值，以合同为准）',
  }),
})

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
const secret = z.string().min(1).max(512)
const channel = {
  id: z.string().regex(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 of a–z, 0–9, -'),
  name: z.string().min(1).max(64),
  language: z.enum(['zh', 'en']).default('zh'),
  /** Only outages that touch these districts; absent: all. */
  districts: z.array(DistrictCode).min(1).optional(),
  least: z.enum(['low', 'normal', 'high']).default('low'),
  /** Work orders near (yellow) or past (red) a limit: both colours, red only, or none. */
  overtime: z.enum(['yellow', 'red', 'none']).default('yellow'),
  /** Only work orders of these units; absent: of all. */
  units: z.array(Unit).min(1).max(1_000).optional(),
  /** Messages an hour to this recipient; beyond it they wait and go together. */
  perHour: z.int().min(1).max(3_600).default(20),
}
/** Where notices go. Addresses of robots are secrets: they are never shown nor logged. */
const Channel = z.discriminatedUnion(
  'kind',
  [
    /** POST of JSON, signed: `X-Hub-Signature: sha256=HMAC(secret, timestamp.body)`. */
    z.strictObject({ kind: z.literal('webhook'), ...channel, url: httpUrl, secret }),
    z.strictObject({
      kind: z.literal('email'),
      ...channel,
      host,
      port,
      secure: z.boolean().default(false),
      user: z.string().max(256).optional(),
      password: secret.optional(),
      from: z.email(),
      to: z.array(z.email()).min(1).max(100),
    }),
    z.strictObject({ kind: z.literal('wecom'), ...channel, url: httpUrl }),
    z.strictObject({ kind: z.literal('dingtalk'), ...channel, url: httpUrl, secret: secret.optional() }),
    z.strictObject({ kind: z.literal('feishu'), ...channel, url: httpUrl, secret: secret.optional() }),
    /** On the hub's own bus. */
    z.strictObject({
      kind: z.literal('mqtt'),
      ...channel,
      topic: z.string().regex(/^hub\/v1\/notices\/[a-z0-9-]{1,64}$/, 'must be hub/v1/notices/NAME'),
    }),
  ],
  { error: 'must be webhook, email, wecom, dingtalk, feishu or mqtt' },
)

const Gateway = z.strictObject({
  id: GatewayId,
  name: z.string().min(1).max(64),
  districts: z.array(DistrictCode).min(1),
  /** SHA-256, hex, of the gateway's bus password. */
  passwordHash: sha256Hex,
})

export const HubConfig = z
  .strictObject({
    http: z.strictObject({ host: host.default('127.0.0.1'), port: port.default(8080) }).prefault({}),
    /** Folder of every file that the hub writes. */
    data: z.string().min(1).max(4_096).default('./data'),
    bus: Bus.prefault({ mode: 'embedded' }),
    history: History.prefault({ kind: 'embedded' }),
    policy: Policy.prefault({}),
    gateways: z.array(Gateway).max(1_000).default([]),
    channels: z.array(Channel).max(100).default([]),
    /** Sites whose normality is reported beside that of the hub and its gateways: asked by HTTP GET, normal when they answer 2xx or 3xx in time. */
    platforms: z
      .strictObject({
        everySeconds: z.number().min(5).max(3_600).default(60),
        timeoutSeconds: z.number().min(1).max(60).default(10),
        sites: z
          .array(
            z.strictObject({
              id: z.string().regex(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 of a–z, 0–9, -'),
              name: z.string().min(1).max(64),
              url: z
                .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
                .max(2_048)
                // It is shown to whoever sees the report.
                .refine((url) => !/^[^/]*\/\/[^/?#]*@/.test(url), 'must hold no login'),
            }),
          )
          .max(1_000)
          .default([]),
      })
      .prefault({}),
    /** Approves found devices of this project by themselves when they match an imported record. Demonstrations only. */
    demo: z
      .strictObject({ approveProject: z.string().min(1).max(64), credential: z.string().min(1).max(64) })
      .optional(),
    /** First password of the user `admin`; random, and printed once, when absent. */
    adminPassword: z.string().min(8).max(256).optional(),
    retention: z
      .strictObject({
        /** Raw batches are kept so long. Observations older than this are refused: the past they belong to can no longer be derived again. */
        rawDays: z.number().min(1).max(3_650).default(7),
      })
      .prefault({}),
    log: z.strictObject({ level: z.enum(logLevels).default('info') }).prefault({}),
  })
  .superRefine(({ gateways }, context) => {
    const seen = new Set<string>()
    for (const [at, { id }] of gateways.entries()) {
      if (seen.has(id)) context.addIssue({ code: 'custom', path: ['gateways', at, 'id'], message: 'named twice' })
      seen.add(id)
    }
  })
export type HubConfig = z.infer<typeof HubConfig>

export const hubOverrides: EnvOverrides = {
  HUB_PORT: { field: 'http.port', as: 'number' },
  HUB_DATA: { field: 'data', as: 'text' },
  HUB_ADMIN_PASSWORD: { field: 'adminPassword', as: 'text' },
}
