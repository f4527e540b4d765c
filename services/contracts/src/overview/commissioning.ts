/** How far a rollout is on its way from the camera record to online devices. Counts only: cheap to ask every few seconds. */
import { z } from 'zod'
import { Instant } from '../common/time.ts'

const steps = {
  /** On record and not retired. */
  recorded: z.int(),
  /** Placed at a gateway: a camera by its approval, a sensor by its district. */
  approved: z.int(),
  /** Maker, model and serial number have been read. Cameras only. */
  identified: z.int(),
  /** Observed at least once. */
  probed: z.int(),
  /** Up or degraded. */
  online: z.int(),
}
export const CommissioningCount = z.strictObject(steps)
export type CommissioningCount = z.infer<typeof CommissioningCount>

/** Gateways count what they know and not for whom: a viewer sees those of his districts, whole. */
export const Commissioning = z.strictObject({
  asOf: Instant,
  cameras: CommissioningCount,
  sensors: CommissioningCount,
  gateways: z.strictObject({
    online: z.int(),
    total: z.int(),
    /** Addresses asked and to ask, of the sweeps under way or of the last ones; devices known by discovery, each counted at every gateway that hears it. */
    asked: z.int(),
    toAsk: z.int(),
    found: z.int(),
    /** Devices of the assignments in force. */
    assigned: z.int(),
    /** Batches that wait for an acknowledgement. */
    spooled: z.int(),
  }),
})
export type Commissioning = z.infer<typeof Commissioning>
