/** Tables of incidents, and of what hangs on one. */
import type { Generated } from 'kysely'

export interface IncidentTables {
  incident: IncidentTable
  incident_number: IncidentNumberTable
  incident_report: IncidentReportTable
  incident_entry: IncidentEntryTable
  incident_unit: IncidentUnitTable
  incident_camera: IncidentCameraTable
  incident_attachment: IncidentAttachmentTable
  incident_order: IncidentOrderTable
  incident_warning: IncidentWarningTable
}

/** `IncidentRow`. */
export interface IncidentTable {
  id: string
  number: string
  drill: number
  title: string
  class: string
  type: string
  level: number | null
  warning: string | null
  source: string
  reference: string | null
  device: string | null
  rule: string | null
  status: string
  district: string
  address: string
  longitude: number | null
  latitude: number | null
  occurred_at: number
  reported_at: number
  accepted_at: number
  /** When it was taken in, or opened anew: no limit counts from before. */
  opened_at: number
  verified_at: number | null
  graded_at: number | null
  ended_at: number | null
  reviewed_at: number | null
  acknowledged_by: string | null
  acknowledged_at: number | null
  lead: string | null
  duty: string
  description: string
  /** In full. They leave this room masked, but by `revealCaller`. */
  caller_name: string | null
  caller_phone: string | null
  dead: number
  injured: number
  missing: number
  parent: string | null
  merged_into: string | null
  reports: number
  /** When the last of its reports came: another one joins it for so long after. */
  reported_last_at: number
  /** When a limit of it becomes yellow or red; null: none does. */
  colour_at: number | null
  updated_at: number
  revision: number
}

/** The last number of a day, by prefix (`YJ-20261201-`). */
interface IncidentNumberTable {
  prefix: string
  last: number
}

/** Alarms, calls and reports; the first opened the incident. A sender's reference is taken once. */
interface IncidentReportTable {
  incident: string
  seq: number
  source: string
  reference: string | null
  device: string | null
  rule: string | null
  title: string
  at: number
}

/** `IncidentEntry`. */
interface IncidentEntryTable {
  incident: string
  seq: number
  at: number
  actor: string
  kind: string
  step: string | null
  note: string | null
  /** JSON. */
  detail: string
}

interface IncidentUnitTable {
  incident: string
  /** In the order in which they were sent. */
  seq: number
  unit: string
  part: string
  dispatched_at: number
  signed_at: number | null
  departed_at: number | null
  arrived_at: number | null
}

interface IncidentCameraTable {
  incident: string
  device: string
  seq: number
  /** `NearbyCamera`, as it was when it was chosen. */
  camera: string
  chosen_at: number
  chosen_by: string
  /** `ChosenCamera['preset']`. */
  preset: string | null
}

interface IncidentAttachmentTable {
  id: string
  incident: string
  name: string
  type: string
  bytes: number
  /** The name of its file, too. */
  sha256: string
  at: number
  by: string
}

/** Work orders that were asked for. */
interface IncidentOrderTable {
  /** The order's id, too. */
  key: string
  incident: string
  unit: string | null
  at: number
  by: string
  answered: Generated<number>
}

/** Warnings that were given: each limit of each colour once. */
interface IncidentWarningTable {
  incident: string
  step: string
  /** '' for the duty officer. */
  unit: string
  from_at: number
  colour: string
  at: number
}
