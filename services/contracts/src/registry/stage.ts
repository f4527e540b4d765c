/** The life cycle of a device, apart from its health. */
import { z } from 'zod'

export const stages = ['planned', 'built', 'accepted', 'in-service', 'retired'] as const
/** Life cycle, apart from health. Only `in-service` devices are due. */
export const Stage = z.enum(stages)
export type Stage = z.infer<typeof Stage>

export const StageChange = z.strictObject({ stage: Stage, reason: z.string().trim().min(1).max(256) })
