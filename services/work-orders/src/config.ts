/** The limits of work orders as the configuration sets them. */
import { type Carrier, DistrictCode, provenances, Unit } from '@hub/contracts'
import { type Calendar, minuteMs, type RepairPolicy } from '@hub/core'
import { type ConfigOf, configPart, type PlatformConfig } from '@hub/platform'
import { z } from 'zod'

export const workOrdersConfig = configPart('policy.repair', {
  respondHours: z.number().min(0).max(720).default(2),
  repairHours: z
    .strictObject({
      core: z.number().min(0).max(720).default(4),
      urban: z.number().min(0).max(720).default(24),
      rural: z.number().min(0).max(720).default(48),
    })
    .prefault({}),
  clock: z.enum(['24h', 'working-days']).default('24h'),
  urban: z.array(DistrictCode).default(['430405', '430406', '430407', '430408', '430412']),
  yellowShare: z.number().min(0).max(1).default(0.8),
  /** The devices must be up for so long before "done" is believed. */
  provenMinutes: z.number().min(0).max(1_440).default(10),
  /** Working days of years that the library does not know: year → days off and working weekends. */
  calendar: z.record(z.string().regex(/^20\d{2}-\d{2}-\d{2}$/, 'must be YYYY-MM-DD'), z.boolean()).default({}),
  /** Units that repair for a carrier where the record names no maintainer: the names that users' units have. */
  carrierUnits: z
    .strictObject({
      telecom: Unit.default('电信'),
      mobile: Unit.default('移动'),
      unicom: Unit.default('联通'),
      cable: Unit.default('广电'),
    })
    .prefault({}),
  provenance: z.string().max(256).default(provenances.repair.zh),
})
export type WorkOrdersConfig = PlatformConfig & ConfigOf<typeof workOrdersConfig>

export type RepairRules = RepairPolicy & { calendar: Calendar; carrierUnits: Record<Carrier, string> }

export function repairRulesOf({ repair }: WorkOrdersConfig['policy']): RepairRules {
  const { calendar, provenMinutes, ...limits } = repair
  const days = new Map(Object.entries(calendar))
  const years = [...new Set([...days.keys()].map((day) => Number(day.slice(0, 4))))]
  return { ...limits, provenMs: provenMinutes * minuteMs, calendar: { years, days } }
}
