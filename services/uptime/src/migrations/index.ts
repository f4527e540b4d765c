/** Migrations of uptime: in the order of their numbers, never edited once released. */
import type { Migration } from '@hub/platform'
import { pendingMarks } from './0001-pending-marks.ts'
import { coveredMarks } from './0002-covered-marks.ts'
import { blankDays } from './0003-blank-days.ts'
import { judgingRules } from './0004-judging-rules.ts'
import { tenure } from './0005-tenure.ts'
import { recordChange } from './0006-record-change.ts'

export const uptimeMigrations: readonly Migration[] = [
  { name: '0001-pending-marks', sql: pendingMarks },
  { name: '0002-covered-marks', sql: coveredMarks },
  { name: '0003-blank-days', sql: blankDays },
  { name: '0004-judging-rules', sql: judgingRules },
  { name: '0005-tenure', sql: tenure },
  { name: '0006-record-change', sql: recordChange },
]
