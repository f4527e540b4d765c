/** Which incidents are open, wait for their review, or are the end of it. */
import { type IncidentQuery, type IncidentStatus, incidentStatuses } from '@hub/contracts'
import { isIncidentOpen } from '@hub/core'

export const openStatuses: readonly IncidentStatus[] = incidentStatuses.filter(isIncidentOpen)
const reviewStatuses: readonly IncidentStatus[] = ['ended', 'reviewed']

/** Nothing more is done with it, but that it may be opened anew. */
export const isOver = (status: string): boolean => ['archived', 'dismissed', 'merged'].includes(status)

export const statusesOf: Record<IncidentQuery['view'], readonly IncidentStatus[]> = {
  open: openStatuses,
  review: reviewStatuses,
  archived: incidentStatuses.filter(isOver),
  all: incidentStatuses,
}
