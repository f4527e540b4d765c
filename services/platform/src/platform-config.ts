/** The part of the configuration that is technology, and what several rooms read. */
import { DistrictCode, GatewayId, provenances } from '@hub/contracts'
import { z } from 'zod'
import type { EnvOverrides } from './config.ts'
import type { ConfigOf } from './config-parts.ts'
import { logLevels } from './log.ts'

const port = z.int().min(0).max(65_535)
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
           * Between the two reads. Longer than the server may hold what it took in memory or in a torn log only: 1.x writes its
           * cache to files when it has 25 MB. Shorter while the journal is more than half full.
           */
          settleSeconds: z.number().min(0).max(86_400).default(7_200),
          /** Waiting this long for the first read: the history is stale. */
          staleAfterSeconds: z.number().min(1).max(86_400).default(300),
        })
        .prefault({}),
    }),
  ],
  { error: 'must be embedded or influxdb' },
)

const Gateway = z.strictObject({
  id: GatewayId,
  name: z.string().min(1).max(64),
  districts: z.array(DistrictCode).min(1),
  /** SHA-256, hex, of the gateway's bus password. */
  passwordHash: sha256Hex,
})

/** Each code once. */
const Gateways = z
  .array(Gateway)
  .max(1_000)
  .superRefine((gateways, context) => {
    const seen = new Set<string>()
    for (const [at, { id }] of gateways.entries()) {
      if (seen.has(id)) context.addIssue({ code: 'custom', path: [at, 'id'], message: 'named twice' })
      seen.add(id)
    }
  })

export const platformConfig = {
  /** `hosts`: names by which browsers ask for it, beside addresses, localhost and the name of the machine; `.a.cn`: all below it. */
  http: z
    .strictObject({
      host: host.default('127.0.0.1'),
      port: port.default(8080),
      hosts: z.array(host).max(64).default([]),
    })
    .prefault({}),
  /** Folder of every file that the hub writes. */
  data: z.string().min(1).max(4_096).default('./data'),
  bus: Bus.prefault({ mode: 'embedded' }),
  history: History.prefault({ kind: 'embedded' }),
  log: z.strictObject({ level: z.enum(logLevels).default('info') }).prefault({}),
  gateways: Gateways.default([]),
  /** The line that rates are held against, 0 to 1. */
  'policy.target': z.number().min(0).max(1).default(0.96),
  /** Where the target comes from, as the console prints it. */
  'policy.provenance': z.string().max(256).default(provenances.target.zh),
  /** After a start nothing goes stale for this long: gateways are still reconnecting. */
  'policy.startupGraceSeconds': z.number().min(0).max(3_600).default(30),
  'policy.probeEverySeconds': z.number().min(1).max(3_600).default(30),
}
export type PlatformConfig = ConfigOf<typeof platformConfig>

export const hubOverrides: EnvOverrides = {
  HUB_PORT: { field: 'http.port', as: 'number' },
  HUB_DATA: { field: 'data', as: 'text' },
  HUB_ADMIN_PASSWORD: { field: 'adminPassword', as: 'text' },
}
