/** What the parts of this room are given: the Record as this room sees it. */
import { type Deps, type RecordStore, tablesOf } from '@hub/platform'
import type { ReportsConfig } from './config.ts'
import type { ReportsData } from './tables.ts'

export type ReportsDeps = Omit<Deps<ReportsConfig>, 'record'> & { record: RecordStore<ReportsData> }

export const reportsDeps = (deps: Deps<ReportsConfig>): ReportsDeps => ({
  ...deps,
  record: tablesOf<ReportsData>(deps.record),
})
