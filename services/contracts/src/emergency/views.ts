/** What other rooms may read of emergency. Each is a view over one table of its owner; nobody else names that table. */

export interface EmergencyViews {
  /** An incident, as far as it is counted and drawn. */
  emergency_incident: EmergencyIncident
}

interface EmergencyIncident {
  id: string
  number: string
  /** 1: a drill. */
  drill: number
  title: string
  /** Null until it is graded. */
  level: number | null
  /** `IncidentStatus`. */
  status: string
  district: string
  longitude: number | null
  latitude: number | null
  accepted_at: number
  ended_at: number | null
}
