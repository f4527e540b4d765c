/** Configuration of a gateway process. */
import { DeviceId, GatewayId } from '@hub/contracts'
import { logLevels } from '@hub/platform'
import { z } from 'zod'

const port = z.int().min(0).max(65_535)
const host = z.string().min(1).max(255)
const range = z.cidrv4({ error: 'must be an IPv4 range such as 127.11.0.0/24' })

/** How cameras are found. */
const Discovery = z.strictObject({
  /** Own IPv4 addresses whose networks are searched by multicast; while none of them is up (none given: while nothing but loopback is), the gateway is blind. */
  interfaces: z
    .array(z.ipv4({ error: 'must be an IPv4 address' }))
    .max(64)
    .default([]),
  multicast: z.boolean().default(true),
  /** Ranges searched address by address, for networks that multicast does not reach. */
  ranges: z.array(range).max(256).default([]),
  everySeconds: z.number().min(1).max(86_400).default(60),
  /** Simulated cameras live on 127.0.0.0/8; on a real network an answer that points there is an attack. */
  allowLoopback: z.boolean().default(false),
  packetsPerSecond: z.int().min(1).max(10_000).default(500),
})

const Credential = z.strictObject({
  user: z.string().min(1).max(64),
  password: z.string().min(1).max(256),
  /** Allows sending the password itself to a camera that knows no digest. */
  plainText: z.boolean().optional(),
})

/** The top rung: does the picture decode, and move? Each check of one streams for some seconds and needs ffmpeg. */
const Pictures = z.strictObject({
  /** 0: never. Where there is not the time for all, the cameras wait, first come first served. */
  everyMinutes: z.number().min(0).max(10_080).default(60),
  /** Cameras at a time. */
  concurrency: z.int().min(1).max(16).default(1),
})

const Probe = z.strictObject({
  /** For one camera, the whole ladder. */
  timeoutMs: z.int().min(100).max(60_000).default(5_000),
  /** Cameras at a time. */
  concurrency: z.int().min(1).max(1_024).default(64),
  pictures: Pictures.prefault({}),
})

/** Events that cameras report by themselves. A camera without PullPoint costs one request. */
const Events = z.strictObject({
  enabled: z.boolean().default(true),
  /** Each holds a connection open; cameras beyond it wait for a slot. */
  maxSubscriptions: z.int().min(0).max(50_000).default(2_000),
})

export const GatewayConfig = z.strictObject({
  id: GatewayId,
  /** Folder of every file that the gateway writes. One gateway, one folder. */
  data: z.string().min(1).max(4_096),
  uplink: z.strictObject({
    url: z.url({ protocol: /^mqtts?$/, error: 'must be an mqtt:// or mqtts:// address' }),
    /** The user is the gateway's id. */
    password: z.string().min(1).max(256),
  }),
  /** Where sensors connect. */
  field: z
    .strictObject({
      host: host.default('127.0.0.1'),
      port: port.default(1885),
      connectionsPerAddress: z.int().min(1).max(100_000).default(256),
    })
    .prefault({}),
  discovery: Discovery.prefault({}),
  /** Camera logins by the name that assignments use: the secrets themselves never cross the bus. */
  credentials: z.record(z.string().min(1).max(64), Credential).default({}),
  /** `pin`: a camera is trusted by the certificate that it shows first, and another is refused until it is accepted. `any`: each is taken. */
  certificates: z.enum(['pin', 'any']).default('pin'),
  /** SHA-256 fingerprints of camera certificates, hex, by device: these are trusted and no other. */
  pins: z.record(DeviceId, z.string().regex(/^[\da-f]{64}$/i, { error: 'must be 64 hex digits' })).default({}),
  probe: Probe.prefault({}),
  events: Events.prefault({}),
  /** Payloads kept for the centre; beyond this the oldest are shed. 2,048 MiB is a week of 1,000 cameras probed each 30 s. */
  spool: z.strictObject({ maxMegabytes: z.int().min(1).max(1_000_000).default(2_048) }).prefault({}),
  /** `/healthz` and `/metrics`; none when absent. */
  http: z.strictObject({ host: host.default('127.0.0.1'), port }).optional(),
  log: z.strictObject({ level: z.enum(logLevels).default('info') }).prefault({}),
})
export type GatewayConfig = z.infer<typeof GatewayConfig>
