/** What passes between a gateway and the centre beside observations: status, inventory, assignment, commands. */
import { z } from 'zod'
import { DeviceId, GatewayId, Instant } from './identity.ts'

/** Every five seconds, and as the will with `online: false`. */
export const GatewayStatus = z.strictObject({
  v: z.literal(1),
  gateway: GatewayId,
  online: z.boolean(),
  at: Instant,
  version: z.string().max(32),
  /** Version of the assignment in force; 0 when none has arrived. */
  assignment: z.int().min(0),
  devices: z.int().min(0),
  /** Batches waiting for an acknowledgement. */
  spooled: z.int().min(0),
  /** Centre minus gateway, RTT/2 corrected; null before the first exchange. */
  clockOffsetMs: z.number().nullable(),
  /** The gateway's own network is down: it sees nothing, and says so. */
  blind: z.boolean(),
  /** Of the sweep under way, or of the last one: addresses asked and to ask, devices known. */
  discovery: z
    .strictObject({
      asked: z.int().min(0),
      toAsk: z.int().min(0),
      found: z.int().min(0),
      startedAt: Instant.nullable(),
      /** Null while it runs. */
      endedAt: Instant.nullable(),
    })
    .optional(),
})
export type GatewayStatus = z.infer<typeof GatewayStatus>

export const quarantineReasons = [
  'new',
  'xaddr-host-differs',
  'xaddr-loopback',
  'xaddr-link-local',
  'xaddr-name',
  'xaddr-malformed',
  'xaddr-missing',
] as const
/** `new`: nothing wrong, just not approved yet. Every other reason needs an operator's eye. */
export const QuarantineReason = z.enum(quarantineReasons)
export type QuarantineReason = z.infer<typeof QuarantineReason>

/** A camera that answered WS-Discovery. No credential has been sent to it. */
export const FoundDevice = z.strictObject({
  /** Endpoint reference, `urn:uuid:…`: stays when the address changes. */
  endpoint: z.string().min(1).max(256),
  /** IP address that the answer came from. */
  address: z.union([z.ipv4(), z.ipv6()]),
  xaddrs: z.array(z.string().max(512)).max(8),
  /** ONVIF scopes, decoded: name, hardware, location, project. */
  name: z.string().max(128).optional(),
  hardware: z.string().max(128).optional(),
  location: z.string().max(128).optional(),
  project: z.string().max(128).optional(),
  /** Said by some makers in scopes of their own (`…/MAC/…`, `…/serial/…`): nothing here is proved before approval. */
  mac: z.string().max(64).optional(),
  serial: z.string().max(128).optional(),
  quarantine: QuarantineReason,
  seenAt: Instant,
})
export type FoundDevice = z.infer<typeof FoundDevice>

/** Identity read over ONVIF after approval (GetDeviceInformation, GetProfiles, GetStreamUri). */
export const DeviceIdentity = z.strictObject({
  device: DeviceId,
  at: Instant,
  manufacturer: z.string().max(128).optional(),
  model: z.string().max(128).optional(),
  firmware: z.string().max(128).optional(),
  serial: z.string().max(128).optional(),
  profile: z.string().max(128).optional(),
  codec: z.string().max(32).optional(),
  width: z.int().min(0).max(65_535).optional(),
  height: z.int().min(0).max(65_535).optional(),
  fps: z.number().min(0).max(1_000).optional(),
  /** Without credentials in it. */
  streamUri: z.string().max(512).optional(),
  ptz: z.boolean().optional(),
})
export type DeviceIdentity = z.infer<typeof DeviceIdentity>

export const Inventory = z.strictObject({
  v: z.literal(1),
  gateway: GatewayId,
  at: Instant,
  found: z.array(FoundDevice).max(1_000),
  identified: z.array(DeviceIdentity).max(1_000),
})
export type Inventory = z.infer<typeof Inventory>

export const AssignedCamera = z.strictObject({
  kind: z.literal('camera'),
  id: DeviceId,
  /** Device service address that the operator approved. */
  xaddr: z.url({ protocol: /^https?$/ }),
  endpoint: z.string().max(256).optional(),
  /** Name of a credential in the gateway's own configuration: secrets never cross the bus. */
  credential: z.string().max(64),
  every: z.int().min(1_000).max(3_600_000),
})
export const AssignedSensor = z.strictObject({
  kind: z.literal('sensor'),
  id: DeviceId,
  /** SHA-256, hex, of the sensor's random 128-bit password. */
  passwordHash: z.string().regex(/^[0-9a-f]{64}$/),
  every: z.int().min(100).max(86_400_000),
})
export const AssignedDevice = z.discriminatedUnion('kind', [AssignedCamera, AssignedSensor])
export type AssignedCamera = z.infer<typeof AssignedCamera>
export type AssignedSensor = z.infer<typeof AssignedSensor>
export type AssignedDevice = z.infer<typeof AssignedDevice>

/** The whole list of a gateway's approved devices. Sent whenever the status names another version. */
export const Assignment = z.strictObject({
  v: z.literal(1),
  gateway: GatewayId,
  version: z.int().min(1),
  devices: z.array(AssignedDevice).max(50_000),
})
export type Assignment = z.infer<typeof Assignment>

export const commandNames = ['discover', 'probe', 'identify', 'ptz-presets', 'ptz-goto', 'explain'] as const
export const Command = z.strictObject({
  v: z.literal(1),
  id: z.uuid(),
  name: z.enum(commandNames),
  device: DeviceId.optional(),
  args: z.record(z.string().max(32), z.string().max(128)).optional(),
  /** After this the gateway answers `command.expired` and does nothing. */
  deadline: Instant,
})
export type Command = z.infer<typeof Command>

export const CommandReply = z.strictObject({
  v: z.literal(1),
  id: z.uuid(),
  gateway: GatewayId,
  at: Instant,
  ok: z.boolean(),
  /** Present when `ok`: what the command asked for. */
  result: z.json().optional(),
  /** Present when not: a code of the error table and its message. */
  error: z.strictObject({ code: z.string().max(64), message: z.string().max(512) }).optional(),
})
export type CommandReply = z.infer<typeof CommandReply>
