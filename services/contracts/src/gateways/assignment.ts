/** Which devices a gateway watches. */
import { z } from 'zod'
import { DeviceId, GatewayId } from '../common/identity.ts'

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

/** The whole list of a gateway's approved devices, for a gateway whose status has no `holds`. */
export const Assignment = z.strictObject({
  v: z.literal(1),
  gateway: GatewayId,
  version: z.int().min(1),
  devices: z.array(AssignedDevice).max(50_000),
})
export type Assignment = z.infer<typeof Assignment>

/** Devices of one message. Its bytes are bounded by the sender. */
export const mostDeltaDevices = 500

/** 64 bits, hex: each assigned device hashed, the hashes combined by XOR, so that order does not matter. */
export const AssignmentDigest = z.string().regex(/^[0-9a-f]{16}$/)
export type AssignmentDigest = z.infer<typeof AssignmentDigest>

/**
 * A bounded part of a gateway's list. Without `range`: what has changed after version `from`, as it was at `to`; it applies to any version
 * from `from` to `to`. With `range`: what the list holds within a range of ids at version `to`, whatever is held there now; ranges
 * follow one another from the first id to the last, and with the last one `to` is in force.
 */
export const AssignmentDelta = z.strictObject({
  v: z.literal(2),
  gateway: GatewayId,
  from: z.int().min(0),
  to: z.int().min(1),
  /** Ids beyond `after` up to and with `upTo`; null: from the first, to the last. */
  range: z.strictObject({ after: DeviceId.nullable(), upTo: DeviceId.nullable() }).optional(),
  put: z.array(AssignedDevice).max(mostDeltaDevices),
  drop: z.array(DeviceId).max(mostDeltaDevices),
  /** Of the whole list once this is in force; absent while more is to follow. */
  digest: AssignmentDigest.optional(),
})
export type AssignmentDelta = z.infer<typeof AssignmentDelta>

/** What the centre sends of an assignment: on one topic, so that a gateway of either age hears it. */
export const AssignmentMessage = z.discriminatedUnion('v', [Assignment, AssignmentDelta])
export type AssignmentMessage = z.infer<typeof AssignmentMessage>
