export { addWorkingTime, type Calendar, isWorkday, noCalendar, workdayAfter } from './calendar.ts'
export { limitsOf, overtimeOf, type RepairClass, type RepairPolicy, repairClass } from './limits.ts'
export { moveOrder, sideOf } from './order.ts'
export { inAnyUnit, inUnits, type Units, unitsOf } from './units.ts'
