/** The same sentences in English. A key missing here is a type error. */
import type { zh } from './zh.ts'

export const en: Record<keyof typeof zh, string> = {
  'progress.title': 'S-curve of the rollout',
  'progress.planned': 'Planned',
  'progress.built': 'Built',
  'progress.accepted': 'Accepted',
  'progress.inService': 'In service',
  'progress.retired': 'Retired',
  'progress.due': 'Due by now',
  'progress.late': 'Late',
  'progress.today': 'today',
  'progress.at': '{day}: planned {planned}, built {built}, accepted {accepted}, in service {inService}',
  'progress.summary':
    'Cumulative counts from {from} to {to}. Today {due} are due, {built} built, {accepted} accepted, {inService} in service; {planned} are planned in all.',
  'progress.by.district': 'By district',
  'progress.by.carrier': 'By carrier',
  'progress.by.project': 'By project',
  'progress.district': 'District',
  'progress.carrier': 'Carrier',
  'progress.project': 'Project',
  'progress.project.none': 'no project named',
  'progress.done': 'Done',
  'progress.undated':
    'The record of {count} devices names no date for a stage they have reached: they count at the end of the curve only.',
  'progress.none': 'No devices yet',
  'progress.none.body': 'Import the record to see progress by its dates: planned, built, accepted, in service.',
  'progress.flat': 'The record names no planned dates: there is no curve to draw.',
  'progress.total': 'Total',
  'progress.narrowed': '{what} only',
  'progress.all': 'Show all',
}
