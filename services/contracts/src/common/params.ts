/** Path parameters of routes. */
import { z } from 'zod'
import { DeviceId } from './identity.ts'

/** Of what has a UUID. */
export const byUuid = z.strictObject({ id: z.uuid() })
/** Of a device or a gateway. */
export const byCode = z.strictObject({ id: DeviceId })
/** Of what has an id of its own shape. */
export const byId = z.strictObject({ id: z.string().max(64) })
