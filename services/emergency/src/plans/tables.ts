/** Tables of plans, and of the copies that incidents have bound. */

export interface PlanTables {
  plan: { id: string; version: number; retired: number }
  plan_version: PlanVersionTable
  incident_plan: IncidentPlanTable
  incident_plan_step: IncidentPlanStepTable
}

interface PlanVersionTable {
  plan: string
  version: number
  /** `PlanDraft`. */
  draft: string
  at: number
  by: string
}

interface IncidentPlanTable {
  incident: string
  plan: string
  version: number
  name: string
  started_at: number
  started_by: string
}

interface IncidentPlanStepTable {
  incident: string
  seq: number
  title: string
  role: string
  limit_minutes: number | null
  hint: string | null
  state: string
  due: number | null
  assignee: string | null
  at: number | null
  by: string | null
  note: string | null
  added: number
}
