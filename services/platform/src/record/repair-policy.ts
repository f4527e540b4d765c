/** The limits of work orders as the configuration sets them. */
import type { Carrier } from '@hub/contracts'
import type { Calendar, RepairPolicy } from '@hub/core'
import type { HubConfig } from '../hub-config.ts'

export type RepairRules = RepairPolicy & { calendar: Calendar; carrierUnits: Record<Carrier, string> }

export function repairRulesOf({ repair }: HubConfig['policy']): RepairRules {
  const { calendar, provenMinutes, ...limits } = repair
  const days = new Map(Object.entries(calendar))
  const years = [...new Set([...days.keys()].map((day) => Number(day.slice(0, 4))))]
  return { ...limits, provenMs: provenMinutes * 60_000, calendar: { years, days } }
}
