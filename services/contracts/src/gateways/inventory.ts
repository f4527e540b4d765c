/** What a gateway found, and what approved devices say that they are. */
import { z } from 'zod'
import { DeviceId, GatewayId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { Reason } from '../ingest/observation.ts'

export const quarantineReasons = [
  'new',
  'xaddr-host-differs',
  'xaddr-loopback',
  'xaddr-link-local',
  'xaddr-name',
  'xaddr-malformed',
  'xaddr-missing',
  'endpoint-conflict',
] as const
/**
 * `new`: nothing wrong, just not approved yet. Every other reason needs an operator's eye. `endpoint-conflict`: two addresses answer with one
 * endpoint reference, and both are listed; that of the later one has its address behind a `#`.
 */
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

/** SHA-256 of a certificate, hex. */
export const Fingerprint = z.string().regex(/^[0-9a-f]{64}$/)

export const oddities = ['clock-misstated', 'service-host', 'stream-host'] as const
/**
 * What a camera says of itself and does not hold: it states another clock than the one that it judges tokens by; another host for its
 * services, or for its stream, than it was reached at. None of it is believed, and none makes it any less online.
 */
export const Oddity = z.enum(oddities)
export type Oddity = z.infer<typeof Oddity>

/** What there is to know of a device beside its identity, as it stands: what is absent is not so any more. */
const remarks = {
  oddities: z.array(Oddity).max(8).optional(),
  /** It shows another certificate than the one that it is trusted by (SHA-256, hex), and is refused until that is accepted. */
  certificate: z.strictObject({ trusted: Fingerprint, offered: Fingerprint }).optional(),
  /** Why the last try to identify it failed. */
  failure: z.strictObject({ reason: Reason, detail: z.string().max(256).optional() }).optional(),
}
export const DeviceRemarks = z.strictObject(remarks)
export type DeviceRemarks = z.infer<typeof DeviceRemarks>

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
  ...remarks,
})
export type DeviceIdentity = z.infer<typeof DeviceIdentity>

/** Of each of 256 buckets the sum of the hashes of what is in it, 12 hex digits: how they are made stands in core, `inventory-digest.ts`. */
const Digest = z.string().regex(/^[0-9a-f]{3072}$/)
/** 48 bits, hex. Its first byte is the bucket. */
const ItemHash = z.string().regex(/^[0-9a-f]{12}$/)

export const Inventory = z.strictObject({
  v: z.literal(1),
  gateway: GatewayId,
  at: Instant,
  found: z.array(FoundDevice).max(1_000),
  identified: z.array(DeviceIdentity).max(1_000),
  /**
   * Of all that the gateway has found and identified: the centre compares it with what it holds once it has taken what came before, and
   * asks for what it lacks (`InventoryWanted`). Sent when the uplink or the centre is back, and every five minutes.
   */
  digest: z.strictObject({ found: Digest, identified: Digest }).optional(),
})
export type Inventory = z.infer<typeof Inventory>

/** A bucket in which the two differ, with what the centre holds of it: the gateway sends what is not among that. */
const WantedBucket = z.strictObject({ bucket: z.int().min(0).max(255), held: z.array(ItemHash).max(50_000) })
/** The centre's answer to a digest that is not its own. Several messages when much differs. */
export const InventoryWanted = z.strictObject({
  v: z.literal(1),
  gateway: GatewayId,
  found: z.array(WantedBucket).max(256),
  identified: z.array(WantedBucket).max(256),
})
export type InventoryWanted = z.infer<typeof InventoryWanted>
