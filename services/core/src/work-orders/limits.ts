/** Response and repair limits of a work order, and when it is overtime. */
import type { DistrictCode, PointClass, WorkOrder } from '@hub/contracts'
import { limitColour } from '../common/time/limit.ts'
import { hourMs } from '../common/time/units.ts'
import { addWorkingTime, type Calendar, noCalendar } from './calendar.ts'

export type RepairClass = WorkOrder['rule']['class']

export type RepairPolicy = {
  respondHours: number
  repairHours: Record<RepairClass, number>
  clock: WorkOrder['rule']['clock']
  urban: readonly DistrictCode[]
  /** Share of the time to a limit after which it is yellow. */
  yellowShare: number
  /** The devices must be up for so long before "done" is believed. ms */
  provenMs: number
  provenance: string
}

/** The strictest class of the devices: a class-1 point is core; else urban when any stands in an urban district. */
export function repairClass(
  devices: readonly { pointType: PointClass; district: DistrictCode }[],
  { urban }: Pick<RepairPolicy, 'urban'>,
): RepairClass {
  if (devices.some((d) => d.pointType === '1')) return 'core'
  return devices.some((d) => urban.includes(d.district)) ? 'urban' : 'rural'
}

/** Limits of an order issued at `at`. @throws calendar.unknown for a working-day clock beyond the calendar. */
export function limitsOf(
  at: number,
  of: RepairClass,
  policy: RepairPolicy,
  calendar: Calendar = noCalendar,
): Pick<WorkOrder, 'respondBy' | 'repairBy' | 'rule'> {
  const { respondHours, clock, provenance } = policy
  const repairHours = policy.repairHours[of]
  const after = (hours: number) =>
    clock === '24h' ? at + hours * hourMs : addWorkingTime(at, hours * hourMs, calendar)
  return {
    respondBy: after(respondHours),
    repairBy: after(repairHours),
    rule: { class: of, respondHours, repairHours, clock, provenance },
  }
}

type Running = Pick<WorkOrder, 'issuedAt' | 'receivedAt' | 'doneAt' | 'closedAt' | 'respondBy' | 'repairBy' | 'status'>

/** 黄牌 near a limit that is not met yet, 红牌 past it. What is over keeps the colour that it ended with. */
export function overtimeOf(
  o: Running,
  now: number,
  { yellowShare }: Pick<RepairPolicy, 'yellowShare'>,
): WorkOrder['overtime'] {
  if (o.status === 'cancelled') return 'none'
  const judge = (metAt: number | null, by: number) => {
    // One that was closed with its outage may never have been received: its clocks stop there.
    const end = metAt ?? o.closedAt
    const colour = limitColour({ from: o.issuedAt, to: by }, end ?? now, { yellowShare })
    return colour === 'yellow' && end !== null ? 'none' : colour
  }
  const both = [judge(o.receivedAt, o.respondBy), judge(o.doneAt, o.repairBy)]
  return both.includes('red') ? 'red' : both.includes('yellow') ? 'yellow' : 'none'
}
