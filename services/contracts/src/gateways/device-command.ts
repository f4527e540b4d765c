/** Commands to a device through its gateway. */
import { z } from 'zod'
import { GatewayId } from '../common/identity.ts'
import { JsonValue } from '../common/json.ts'
import { Instant } from '../common/time.ts'
import { Fingerprint } from './inventory.ts'

export const CommandRequest = z.strictObject({
  name: z.enum(['probe', 'identify', 'ptz-presets', 'ptz-goto']),
  args: z.record(z.string().max(32), z.string().max(128)).optional(),
})

/** The certificate that the camera shows now, as its remarks name it. */
export const CertificateAcceptance = z.strictObject({ fingerprint: Fingerprint })

/** Device service address: http or https, and an IP address. */
export const CameraAddress = z.strictObject({ xaddr: z.url({ protocol: /^https?$/ }).max(128) })

export const CommandResult = z.strictObject({ gateway: GatewayId, at: Instant, result: JsonValue.optional() })
export type CommandResult = z.infer<typeof CommandResult>
