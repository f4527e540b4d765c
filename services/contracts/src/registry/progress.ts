/** Progress of the rollout against the dates of the plan. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { Carrier } from '../common/identity.ts'
import { Instant } from '../common/time.ts'

export const progressGroups = ['district', 'carrier', 'project'] as const
export const ProgressQuery = z.strictObject({
  by: z.enum(progressGroups).default('district'),
  district: DistrictCode.optional(),
  carrier: Carrier.optional(),
  project: z.string().max(64).optional(),
})
const stageCounts = { planned: z.int(), built: z.int(), accepted: z.int(), inService: z.int(), retired: z.int() }
/** Devices that have reached each stage, cumulative (an accepted one has also been built). `due`: by now, after the plan's dates. */
export const ProgressRow = z.strictObject({ key: z.string(), ...stageCounts, due: z.int(), late: z.int() })
export const Progress = z.strictObject({
  asOf: Instant,
  total: ProgressRow,
  groups: z.array(ProgressRow),
  /** The S-curve, a point a week (the last one today): cumulative devices planned by then, and brought to each stage by then. Null after today. */
  curve: z.array(
    z.strictObject({
      day: z.iso.date(),
      planned: z.int(),
      built: z.int().nullable(),
      accepted: z.int().nullable(),
      inService: z.int().nullable(),
      retired: z.int().nullable(),
    }),
  ),
  /** Devices whose record names no date for a stage that they have reached: they are counted at the end only. */
  undated: z.int(),
})
export type Progress = z.infer<typeof Progress>
