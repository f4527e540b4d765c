/** The port of the room: what others, and its own handlers, ask of uptime. */
import type { UptimePoint } from '@hub/contracts'
import { type Span, versionsIn } from '@hub/core'
import { type Deps, keptFrom, openReadThread, type RecordStore, type Uptime, type UptimeSelection } from '@hub/platform'
import { listAdjustments } from './adjustments/store.ts'
import type { Underway } from './buckets/underway.ts'
import type { UptimeConfig } from './config.ts'
import { hoursOf } from './hours.ts'
import { judgingVersions } from './judging.ts'
import { gatherKpis } from './kpi-figures.ts'
import * as readings from './queries.ts'
import { registryQueries } from './registry-queries.ts'

/** Time of devices, as the Record alone tells it. */
export type Times = Pick<Uptime, 'by' | 'series' | 'close'> & {
  /** From the intervals, whatever buckets say. */
  hours(selection: UptimeSelection): Promise<UptimePoint[]>
  underway(span: Span): Promise<Underway>
}

/** The questions about time on a thread of their own, so that they wait for no other reading; on the Record's one connection where it has no file. */
export function openTimes(record: RecordStore): Times {
  const thread = openReadThread(record.path, { db: record.db, snapshot: record.commit })
  const { ask } = thread.reader(new URL('./queries.ts', import.meta.url), readings)
  return {
    by: (selection) => ask('by', selection),
    series: (selection) => ask('series', selection),
    hours: (selection) => ask('hours', selection),
    underway: (span) => ask('underway', span),
    close: thread.close,
  }
}

export function openUptime(deps: Pick<Deps<UptimeConfig>, 'record' | 'history' | 'config' | 'clock'>): Uptime {
  const { record, history, config, clock } = deps
  const times = openTimes(record)
  return {
    by: times.by,
    series: times.series,
    close: times.close,
    hours: (selection) =>
      hoursOf(selection, {
        history,
        exactly: times.hours,
        underway: times.underway,
        keptFrom: keptFrom(config.history.keep, 'hours', clock.now()),
      }),
    kpis: (query, viewer) => gatherKpis({ ...deps, uptime: times }, query, viewer),
    judging: async (period) => versionsIn(await judgingVersions(deps), period),
    registryCounts: (question) => registryQueries(record).ask('registryCounts', question),
    listAdjustments: (viewer, query) => listAdjustments(record, viewer, query),
  }
}
